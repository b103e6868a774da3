//! Finished HTML as a browser reads it: which elements, links and ids there are.
//!
//! Owns [`Element`] and [`elements`], on html5ever's tokenizer. Knows nothing of sites.

use std::cell::RefCell;

use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Element {
    /// The attribute's value, entities undone.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Elements(RefCell<Vec<Element>>);

impl TokenSink for Elements {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(Tag { kind: TagKind::StartTag, name, attrs, .. }) = token {
            let attributes = attrs.iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
            self.0.borrow_mut().push(Element { name: name.to_string(), attributes });
        }
        TokenSinkResult::Continue
    }
}

/// Every start tag of a text, in order.
pub fn elements(html: &str) -> Vec<Element> {
    let queue = BufferQueue::default();
    queue.push_back(html.into());
    let tokenizer = Tokenizer::new(Elements::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

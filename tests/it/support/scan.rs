//! Finished HTML as a browser reads it: which elements, links and ids there are.
//!
//! Owns [`tags`] and [`elements`], on html5ever's tokenizer. Knows nothing of sites.

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

/// A tag, at either end of an element.
#[derive(Debug, Clone)]
pub struct AnyTag {
    pub name: String,
    pub end: bool,
    /// Written as `<name/>`, which means something in drawings and formulas only.
    pub closed: bool,
    attributes: Vec<(String, String)>,
}

#[derive(Default)]
struct Tags(RefCell<Vec<AnyTag>>);

impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(Tag { kind, name, attrs, self_closing, .. }) = token {
            let attributes = attrs.iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
            let end = kind == TagKind::EndTag;
            let tag = AnyTag { name: name.to_string(), end, closed: self_closing, attributes };
            self.0.borrow_mut().push(tag);
        }
        TokenSinkResult::Continue
    }
}

/// Every tag of a text, in order.
pub fn tags(html: &str) -> Vec<AnyTag> {
    let queue = BufferQueue::default();
    queue.push_back(html.into());
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// Every start tag of a text, in order.
pub fn elements(html: &str) -> Vec<Element> {
    let start = |tag: AnyTag| (!tag.end).then_some(Element { name: tag.name, attributes: tag.attributes });
    tags(html).into_iter().filter_map(start).collect()
}

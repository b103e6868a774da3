//! Highlights languages with a full grammar, through syntect.
//!
//! Owns the set of grammars (loaded on first use, until [`forget`] frees them) and the mapping from a grammar's scopes
//! to token classes. The innermost scope with a meaning decides.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use syntect::parsing::{ClearAmount, ParseState, Scope, ScopeStackOp, SyntaxSet};

use super::token::{Class, TokenWriter};

static GRAMMARS: Mutex<Option<Arc<SyntaxSet>>> = Mutex::new(None);

fn grammars() -> Arc<SyntaxSet> {
    let mut known = GRAMMARS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(known.get_or_insert_with(|| Arc::new(two_face::syntax::extra_newlines())))
}

/// Frees the grammars and everything compiled from them, about 40 MB. They are loaded again on the next use.
pub fn forget() {
    let known = GRAMMARS.lock().unwrap_or_else(PoisonError::into_inner).take();
    drop(known);
}

/// Writes `code` with the grammar called `name`. Returns `None` if there is no such grammar or it fails.
pub fn write(name: &str, code: &str, writer: &mut TokenWriter) -> Option<()> {
    if may_run_for_ever(name, code) {
        return None;
    }
    let grammars = grammars();
    let syntax = grammars.find_syntax_by_name(name)?;
    let mut state = ParseState::new(syntax);
    let mut scopes = Scopes::default();
    let mut line = String::new();
    for text in code.split_inclusive('\n') {
        // The grammars need a newline at the end of each line.
        line.clear();
        line.push_str(text);
        if !text.ends_with('\n') {
            line.push('\n');
        }
        let changes = state.parse_line(&line, &grammars).ok()?;
        let mut at = 0;
        for (offset, change) in changes {
            let offset = offset.min(text.len());
            if offset > at {
                writer.push(scopes.class(), text.get(at..offset)?);
                at = offset;
            }
            scopes.apply(&change);
        }
        writer.push(scopes.class(), text.get(at..)?);
    }
    Some(())
}

/// Whether the code could enter the bundled JavaScript grammar, which never returns from a block comment after an
/// expression. The grammars named here embed it in scripts, fences, messages and here-documents.
fn may_run_for_ever(name: &str, code: &str) -> bool {
    let embeds = match name {
        "HTML" | "Markdown" | "HTTP Request and Response" => true,
        "Ruby" | "Perl" => code.contains("<<"),
        _ => false,
    };
    embeds && code.contains("/*")
}

/// The classes of the open scopes, the innermost last.
#[derive(Debug, Default)]
struct Scopes {
    stack: Vec<Class>,
    cleared: Vec<Vec<Class>>,
}

impl Scopes {
    fn class(&self) -> Class {
        self.stack.last().copied().unwrap_or(Class::Plain)
    }

    fn apply(&mut self, change: &ScopeStackOp) {
        match change {
            ScopeStackOp::Push(scope) => self.stack.push(inside(self.class(), class_of(*scope))),
            ScopeStackOp::Pop(count) => self.stack.truncate(self.stack.len().saturating_sub(*count)),
            ScopeStackOp::Clear(amount) => {
                let keep = match amount {
                    ClearAmount::TopN(count) => self.stack.len().saturating_sub(*count),
                    ClearAmount::All => 0,
                };
                self.cleared.push(self.stack.split_off(keep));
            }
            ScopeStackOp::Restore => self.stack.extend(self.cleared.pop().unwrap_or_default()),
            ScopeStackOp::Noop => {}
        }
    }
}

/// The class of a scope inside another. A quoted key stays a key, and a comment stays a comment.
fn inside(outer: Class, own: Option<Class>) -> Class {
    match (outer, own) {
        (_, None) => outer,
        (Class::Comment, Some(_)) => Class::Comment,
        (Class::Attribute | Class::Heading, Some(Class::String | Class::Punctuation)) => outer,
        (Class::Attribute, Some(Class::Constant | Class::Number | Class::Variable)) => outer,
        (Class::Number, Some(Class::Punctuation)) => outer,
        (_, Some(own)) => own,
    }
}

/// The meaning of a scope by itself: the longest entry of the table that is a prefix of it.
fn class_of(scope: Scope) -> Option<Class> {
    // One grammar puts whole directives into this scope.
    if scope == *BARE_VARIABLE {
        return Some(Class::Plain);
    }
    TABLE.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).and_then(|(_, class)| *class)
}

static BARE_VARIABLE: LazyLock<Scope> =
    LazyLock::new(|| Scope::new("punctuation.definition.variable").expect("the name is short"));

/// Longest prefixes first. `None` means the class of the surrounding scope.
static TABLE: LazyLock<Vec<(Scope, Option<Class>)>> = LazyLock::new(|| {
    let mut table: Vec<(Scope, Option<Class>)> = MEANINGS
        .iter()
        .flat_map(|(class, names)| names.split_whitespace().map(move |name| (name, *class)))
        .map(|(name, class)| (Scope::new(name).expect("the names in the table are short"), class))
        .collect();
    table.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
    table
});

/// Scopes by meaning, according to the naming guide for grammars of this kind.
const MEANINGS: &[(Option<Class>, &str)] = &[
    (Some(Class::Plain), PLAIN),
    (None, SURROUNDINGS),
    (Some(Class::Comment), "comment punctuation.definition.comment"),
    (Some(Class::String), "string markup.raw markup.underline.link constant.other.symbol"),
    (
        Some(Class::Number),
        "constant.numeric constant.other.timestamp constant.other.date keyword.other.log meta.date.log",
    ),
    (
        Some(Class::Constant),
        "constant support.constant constant.character.escape meta.diff.range markup.warning",
    ),
    (Some(Class::Keyword), KEYWORDS),
    (Some(Class::Operator), "keyword.operator punctuation.separator.pipe variable.language.star"),
    (Some(Class::Function), FUNCTIONS),
    (Some(Class::Type), TYPES),
    (Some(Class::Variable), "variable punctuation.definition.variable variable.language.perl"),
    (Some(Class::Punctuation), "punctuation entity.other.jinja2.delimiter"),
    (Some(Class::Tag), "entity.name.tag"),
    (Some(Class::Attribute), KEYS),
    (
        Some(Class::Heading),
        "markup.heading meta.diff.header entity.section entity.name.table entity.name.section.ini",
    ),
    (Some(Class::Inserted), "markup.inserted"),
    (Some(Class::Deleted), "markup.deleted"),
    (Some(Class::Error), "invalid.illegal markup.error"),
];

/// Code inside other text, and scopes that some grammars give to all identifiers.
const PLAIN: &str = "source text meta.interpolation meta.template.expression variable.other.readwrite.js \
    variable.other.readwrite.ts variable.other.readwrite.tsx variable.other.constant.js meta.function-call.arguments";

/// Characters that belong to the text that they delimit.
const SURROUNDINGS: &str = "punctuation.definition.string punctuation.definition.heading \
    punctuation.definition.inserted punctuation.definition.deleted";

const KEYWORDS: &str = "keyword storage variable.language keyword.operator.word keyword.operator.logical.python \
    keyword.operator.logical.sql support.function.directive";

const FUNCTIONS: &str = "entity.name.function support.function variable.function support.macro entity.name.macro \
    variable.annotation";

const TYPES: &str = "entity.name.type entity.name.class entity.name.struct entity.name.enum entity.name.trait \
    entity.name.namespace entity.other.inherited-class support.type support.class entity.name.impl \
    storage.type.primitive entity.name.section entity.name.label";

/// Keys, under the names of the different languages.
const KEYS: &str = "entity.other.attribute-name entity.name.tag.yaml entity.name.tag.toml meta.structure.dictionary.key meta.mapping.key \
    keyword.name.ini support.type.property-name entity.name.key variable.declaration.terraform \
    variable.parameter.option";

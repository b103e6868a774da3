//! Files, ranges and edits as the client names them.
//!
//! Owns the folder of the handbook as the client and as the disk know it, the open documents, and the conversion of
//! spans into ranges.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types as lsp;

use super::analysis::{Analysis, EditorTexts};
use super::edits::FileEdits;
use super::file_uri::{path_of_uri, uri_of_path};
use super::open_document::OpenDocument;
use super::text_lines::{ByteOrderMark, PositionUnit, TextLines};
use crate::path::FilePath;
use crate::source::{Source, Span};

/// The folder of the handbook.
#[derive(Debug, Clone)]
pub struct HandbookFolder {
    /// As the client names it.
    pub named: PathBuf,
    /// With symbolic links resolved.
    pub real: PathBuf,
}

impl HandbookFolder {
    /// The file of the handbook at an absolute path.
    pub fn file(&self, path: &Path) -> Option<FilePath> {
        let inside = path.strip_prefix(&self.named).or_else(|_| path.strip_prefix(&self.real)).ok()?;
        FilePath::new(inside.to_str()?)
    }
}

/// What the client sees: its documents, the folder, the unit of positions.
#[derive(Debug)]
pub struct ClientView {
    pub unit: PositionUnit,
    pub folder: Option<HandbookFolder>,
    /// By URI.
    pub documents: BTreeMap<String, OpenDocument>,
}

impl ClientView {
    /// The file that a URI names.
    pub fn file(&self, uri: &lsp::Uri) -> Option<FilePath> {
        self.folder.as_ref()?.file(&path_of_uri(uri)?)
    }

    /// The open document of a file.
    pub fn document(&self, file: &FilePath) -> Option<&OpenDocument> {
        self.documents.values().find(|document| self.file(&document.uri).as_ref() == Some(file))
    }

    /// The URI of a file, as the client writes it where the file is open.
    pub fn uri(&self, file: &FilePath) -> lsp::Uri {
        if let Some(document) = self.document(file) {
            return document.uri.clone();
        }
        let folder = self.folder.as_ref().map(|folder| folder.named.as_path()).unwrap_or(Path::new("/"));
        uri_of_path(&folder.join(file.as_str()))
    }

    /// The texts of all open documents of the handbook.
    pub fn texts(&self) -> EditorTexts {
        let documents = self.documents.values();
        let texts =
            documents.filter_map(|document| Some((self.file(&document.uri)?, Arc::clone(&document.text))));
        texts.collect()
    }

    /// The lines of a text of a file.
    pub fn lines<'t>(&self, file: &FilePath, text: &'t str) -> TextLines<'t> {
        let mark = self.document(file).map_or(ByteOrderMark::Absent, OpenDocument::mark);
        TextLines::new(text, self.unit, mark)
    }

    /// The edits as the protocol has them. `None` if a text has changed since.
    pub fn workspace_edit(&self, all: &[FileEdits]) -> Option<lsp::WorkspaceEdit> {
        let mut changes = HashMap::new();
        for FileEdits { file, text, edits } in all {
            let document = self.document(file);
            if document.is_some_and(|document| document.text != *text) {
                return None;
            }
            let line_end = document.map_or("\n", OpenDocument::line_end);
            let lines = self.lines(file, text);
            let edits = edits.iter().map(|edit| lsp::TextEdit {
                range: lines.range(edit.range.clone()),
                new_text: edit.text.replace('\n', line_end),
            });
            changes.insert(self.uri(file), edits.collect());
        }
        Some(lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() })
    }
}

/// What a request is about.
pub struct AskedPlace<'a> {
    pub client: &'a ClientView,
    pub analysis: &'a Analysis,
    /// The text as the client has it, which may be newer than the analysis.
    pub source: &'a Source,
    pub offset: usize,
}

/// Converts many spans of one analysis.
pub struct SpanRanges<'a> {
    client: &'a ClientView,
    analysis: &'a Analysis,
    lines: HashMap<FilePath, TextLines<'a>>,
}

impl<'a> SpanRanges<'a> {
    pub fn new(client: &'a ClientView, analysis: &'a Analysis) -> SpanRanges<'a> {
        SpanRanges { client, analysis, lines: HashMap::new() }
    }

    pub fn range(&mut self, span: &Span) -> lsp::Range {
        let text = self.analysis.source(&span.file).map_or("", |source| &*source.text);
        let lines = self.lines.entry(span.file.clone());
        let lines = lines.or_insert_with(|| self.client.lines(&span.file, text));
        lines.range(span.range(text))
    }

    pub fn location(&mut self, span: &Span) -> lsp::Location {
        lsp::Location { uri: self.client.uri(&span.file), range: self.range(span) }
    }
}

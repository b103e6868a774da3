//! The conversation with the client.
//!
//! Owns the order of the protocol (initialize, work, shutdown, exit), the state of open documents, and which answer waits
//! for the next analysis. Requests about positions in the whole handbook wait until the texts of the editor are
//! analysed; completion does not.

#![expect(clippy::disallowed_methods, reason = "reads and parses beside the conversation, on two threads")]

use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use gen_lsp_types as lsp;
use gen_lsp_types::json_rpc::{Error, Id, RequestObject, ResponseObject};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::analysis::Analysis;
use super::client_view::{AskedPlace, ClientView, HandbookFolder};
use super::completion;
use super::file_uri::path_of_uri;
use super::heading_rename::HeadingRename;
use super::hover;
use super::navigation;
use super::open_document::OpenDocument;
use super::outline;
use super::problems::{CheckedProblems, PublishedProblems};
use super::suggestions;
use super::text_lines::PositionUnit;
use super::transport::{self, ClientMessage, NonsenseReason};
use super::worker::{DiskState, FileReports, Job, LspWorker, WorkDone};
use crate::input::Failure;
use crate::renames::Rename;
use crate::source::Source;

/// How a session has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// The client said goodbye in the order of the protocol.
    Orderly,
    /// The client is gone, or ended without `shutdown`.
    Abrupt,
}

/// Runs a session on a pair of streams. `root` is the folder of the handbook; default: the nearest one above the
/// folder of the client, or above the first document.
///
/// # Errors
/// What the client sends cannot be read, or it does not read what the server sends.
pub fn run(
    root: Option<PathBuf>,
    input: impl Read + Send + 'static,
    output: impl Write + 'static,
) -> Result<SessionEnd, Failure> {
    let (events, inbox) = mpsc::channel();
    let from_client = events.clone();
    thread::Builder::new()
        .name("client".to_owned())
        .spawn(move || {
            let mut input = BufReader::new(input);
            loop {
                let event = match transport::read_message(&mut input) {
                    Ok(Some(message)) => LspEvent::Client(message),
                    Ok(None) => LspEvent::End(None),
                    Err(error) => LspEvent::End(Some(error)),
                };
                let is_end = matches!(event, LspEvent::End(_));
                if from_client.send(event).is_err() || is_end {
                    return;
                }
            }
        })
        .map_err(|error| Failure::no_thread(&error))?;
    let view = ClientView { unit: PositionUnit::Utf16, folder: None, documents: Default::default() };
    let server = LspServer {
        view,
        root,
        phase: SessionPhase::Fresh,
        reports: FileReports::Nobody,
        generation: 0,
        failed_generation: None,
        analysis: None,
        checked: None,
        published: PublishedProblems::default(),
        parked: Vec::new(),
        jobs: None,
        events,
        said: None,
        output: Box::new(output),
    };
    server.converse(&inbox).map_err(|error| {
        let help = "Restart the language server in the editor. Report it if it happens again.";
        Failure::new(format!("the editor and the language server lost each other: {error}"), help)
    })
}

/// What the loop waits for.
enum LspEvent {
    Client(ClientMessage),
    Done(WorkDone),
    /// The client closed its stream, or sends what cannot be read.
    End(Option<io::Error>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SessionPhase {
    /// Before `initialize`.
    Fresh,
    Running,
    /// After `shutdown`.
    ShutDown,
}

struct LspServer {
    view: ClientView,
    /// The folder that the command line names.
    root: Option<PathBuf>,
    phase: SessionPhase,
    reports: FileReports,
    /// Counts the states of the editor.
    generation: u64,
    /// The newest state that cannot be analysed: the analysis of an earlier one has to do.
    failed_generation: Option<u64>,
    analysis: Option<Arc<Analysis>>,
    checked: Option<CheckedProblems>,
    published: PublishedProblems,
    /// Requests that wait for an analysis.
    parked: Vec<WaitingRequest>,
    jobs: Option<Sender<Job>>,
    events: Sender<LspEvent>,
    /// The last message that was shown.
    said: Option<String>,
    output: Box<dyn Write>,
}

/// A request that can be answered later.
struct WaitingRequest {
    id: Id,
    method: String,
    params: Value,
}

/// What a request becomes.
enum Reply {
    Result(Value),
    Error(Error),
    /// The handbook is not analysed yet.
    Wait,
    /// The worker answers.
    Later,
}

fn refuse(code: i32, message: impl Into<String>) -> Reply {
    Reply::Error(Error { code: code.into(), message: message.into(), data: None })
}

const INVALID_REQUEST: i32 = -32600;
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const PARSE_ERROR: i32 = -32700;
const NOT_INITIALIZED: i32 = -32002;
const CANCELLED: i32 = -32800;
const FAILED: i32 = -32803;

fn answer(value: impl Serialize) -> Reply {
    match serde_json::to_value(value) {
        Ok(value) => Reply::Result(value),
        Err(error) => refuse(FAILED, error.to_string()),
    }
}

fn parse_params<T: DeserializeOwned>(params: Value) -> Result<T, Reply> {
    serde_json::from_value(params).map_err(|error| refuse(INVALID_PARAMS, error.to_string()))
}

/// How current the analysis must be for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Freshness {
    /// Any analysis is good enough: the positions are those of the current text.
    Any,
    /// The analysis must be that of the current texts.
    Current,
}

impl LspServer {
    fn converse(mut self, inbox: &Receiver<LspEvent>) -> io::Result<SessionEnd> {
        while let Ok(event) = inbox.recv() {
            match event {
                LspEvent::Client(ClientMessage::Call(call)) => {
                    if let Some(end) = self.call(call)? {
                        return Ok(end);
                    }
                }
                LspEvent::Client(ClientMessage::Answer) => {}
                LspEvent::Client(ClientMessage::Nonsense { id, why, message }) => {
                    let code = if why == NonsenseReason::NotJson { PARSE_ERROR } else { INVALID_REQUEST };
                    self.reply(id, refuse(code, message))?;
                }
                LspEvent::Done(done) => self.work_done(done)?,
                LspEvent::End(Some(error)) => return Err(error),
                LspEvent::End(None) if self.phase == SessionPhase::ShutDown => {
                    return Ok(SessionEnd::Orderly);
                }
                LspEvent::End(None) => return Ok(SessionEnd::Abrupt),
            }
        }
        Ok(SessionEnd::Abrupt)
    }

    /// A request or a notification. Returns the end of the session with `exit`.
    fn call(&mut self, call: RequestObject) -> io::Result<Option<SessionEnd>> {
        let (method, id, params) = call.into_parts();
        let params = params.unwrap_or(Value::Null);
        let Some(id) = id else {
            if method == "exit" {
                let is_orderly = self.phase == SessionPhase::ShutDown;
                return Ok(Some(if is_orderly { SessionEnd::Orderly } else { SessionEnd::Abrupt }));
            }
            if self.phase == SessionPhase::Running {
                self.notification(&method, params)?;
            }
            return Ok(None);
        };
        let reply = match (self.phase, method.as_str()) {
            (SessionPhase::Fresh, "initialize") => {
                self.phase = SessionPhase::Running;
                let result = self.initialize(&params);
                self.reply(id, Reply::Result(result))?;
                self.start_with_client_folder(&params)?;
                return Ok(None);
            }
            (SessionPhase::Fresh, _) => refuse(NOT_INITIALIZED, "the first request must be `initialize`"),
            (SessionPhase::Running, "initialize") => refuse(INVALID_REQUEST, "`initialize` comes once"),
            (SessionPhase::Running, "shutdown") => {
                self.phase = SessionPhase::ShutDown;
                // The client may end the server before the analysis that they wait for, and each request has an answer.
                for waiting in std::mem::take(&mut self.parked) {
                    self.reply(waiting.id, refuse(CANCELLED, "the server is shut down"))?;
                }
                Reply::Result(Value::Null)
            }
            (SessionPhase::ShutDown, _) => refuse(INVALID_REQUEST, "the server is shut down"),
            (SessionPhase::Running, _) => {
                return self.request(WaitingRequest { id, method, params }).map(|()| None);
            }
        };
        self.reply(id, reply)?;
        Ok(None)
    }

    fn request(&mut self, request: WaitingRequest) -> io::Result<()> {
        match self.answer(&request) {
            Reply::Later => Ok(()),
            Reply::Wait if self.jobs.is_none() || self.has_failed() => {
                self.reply(request.id, Reply::Result(Value::Null))
            }
            Reply::Wait => {
                self.parked.push(request);
                Ok(())
            }
            reply => self.reply(request.id, reply),
        }
    }

    fn reply(&mut self, id: Id, reply: Reply) -> io::Result<()> {
        match reply {
            Reply::Result(result) => {
                let message = json!({ "jsonrpc": "2.0", "id": id, "result": result });
                transport::write(&mut self.output, &message)
            }
            Reply::Error(error) => transport::write(&mut self.output, &ResponseObject::from_error(id, error)),
            Reply::Wait | Reply::Later => Ok(()),
        }
    }

    fn notify(&mut self, method: &str, params: impl Serialize) -> io::Result<()> {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": serde_json::to_value(params)? });
        transport::write(&mut self.output, &message)
    }

    /// Shows a message, unless it was the last one.
    fn say(&mut self, severity: lsp::MessageType, message: String) -> io::Result<()> {
        if self.said.as_deref() == Some(&message) {
            return Ok(());
        }
        self.said = Some(message.clone());
        self.notify("window/showMessage", json!({ "type": severity, "message": message }))
    }

    fn initialize(&mut self, params: &Value) -> Value {
        let capability = |pointer: &str| params.pointer(&format!("/capabilities/{pointer}"));
        let known = capability("general/positionEncodings").cloned().unwrap_or_default();
        self.view.unit = PositionUnit::choose(&serde_json::from_value::<Vec<_>>(known).unwrap_or_default());
        let watches = capability("workspace/didChangeWatchedFiles/dynamicRegistration");
        if watches.and_then(Value::as_bool) == Some(true) {
            self.reports = FileReports::Client;
        }
        let moves = json!({ "filters": [{ "scheme": "file", "pattern": { "glob": "**" } }] });
        json!({
            "capabilities": {
                "positionEncoding": self.view.unit.kind(),
                "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
                "completionProvider": { "triggerCharacters": ["(", "/", "#", ":", " ", "$", "<", "[", "\"", "-"] },
                "hoverProvider": true,
                "definitionProvider": true,
                "referencesProvider": true,
                "documentSymbolProvider": true,
                "workspaceSymbolProvider": true,
                "documentLinkProvider": { "resolveProvider": false },
                "foldingRangeProvider": true,
                "codeActionProvider": { "codeActionKinds": ["quickfix"] },
                "renameProvider": { "prepareProvider": true },
                "workspace": {
                    "fileOperations": { "willRename": moves, "didRename": moves },
                },
            },
            "serverInfo": { "name": "opsbook", "version": env!("CARGO_PKG_VERSION") },
        })
    }

    /// Starts with the folder that the client has open.
    fn start_with_client_folder(&mut self, params: &Value) -> io::Result<()> {
        if let Some(root) = self.root.clone() {
            return self.start(root);
        }
        let uri = params.pointer("/workspaceFolders/0/uri").or_else(|| params.get("rootUri"));
        let path = uri.and_then(Value::as_str).and_then(|uri| path_of_uri(&lsp::Uri(uri.to_owned())));
        let path = path.or_else(|| params.get("rootPath").and_then(Value::as_str).map(PathBuf::from));
        match path.as_deref().and_then(handbook_around) {
            Some(root) => self.start(root),
            // The handbook may be in a folder of a larger repository: the first document shows it.
            None => Ok(()),
        }
    }

    fn start(&mut self, named: PathBuf) -> io::Result<()> {
        let real = match named.canonicalize() {
            Ok(real) => real,
            Err(error) => {
                let message =
                    format!("the handbook's folder `{}` cannot be opened: {error}", named.display());
                return self.say(lsp::MessageType::Error, message);
            }
        };
        self.view.folder = Some(HandbookFolder { named, real: real.clone() });
        let (jobs, waiting) = mpsc::channel();
        let events = self.events.clone();
        let done = Box::new(move |done| {
            // If no one receives this, the session is over.
            let _ = events.send(LspEvent::Done(done));
        });
        let worker = LspWorker::new(real, self.reports, done);
        let started = thread::Builder::new().name("handbook".to_owned()).spawn(move || worker.run(&waiting));
        if let Err(error) = started {
            return self.say(lsp::MessageType::Error, Failure::no_thread(&error).to_string());
        }
        self.jobs = Some(jobs);
        self.send_texts(DiskState::Changed);
        Ok(())
    }

    /// Passes the state of the editor to the worker.
    fn send_texts(&mut self, disk: DiskState) {
        self.generation += 1;
        let job = Job::Texts { generation: self.generation, texts: self.view.texts(), disk };
        self.send(job);
    }

    fn send(&mut self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // The worker ends only with the session.
            let _ = jobs.send(job);
        }
    }

    fn notification(&mut self, method: &str, params: Value) -> io::Result<()> {
        // What cannot be read as the notification that it claims to be has no answer; the protocol has none.
        match method {
            "initialized" => return self.watch_files(),
            "textDocument/didOpen" => {
                let Ok(params) = parse_params::<lsp::DidOpenTextDocumentParams>(params) else {
                    return Ok(());
                };
                return self.open(params.text_document);
            }
            "textDocument/didChange" => {
                let Ok(params) = parse_params::<lsp::DidChangeTextDocumentParams>(params) else {
                    return Ok(());
                };
                let uri = params.text_document.text_document_identifier.uri;
                let unit = self.view.unit;
                let Some(document) = self.view.documents.get_mut(&uri.0) else { return Ok(()) };
                document.change(params.content_changes, unit);
                document.version = params.text_document.version;
                self.send_texts(DiskState::Unchanged);
            }
            "textDocument/didClose" => {
                let Ok(params) = parse_params::<lsp::DidCloseTextDocumentParams>(params) else {
                    return Ok(());
                };
                if self.view.documents.remove(&params.text_document.uri.0).is_some() {
                    self.send_texts(DiskState::Changed);
                }
            }
            "textDocument/didSave" | "workspace/didRenameFiles" => self.send_texts(DiskState::Changed),
            "workspace/didChangeWatchedFiles" => {
                let Ok(params) = parse_params::<lsp::DidChangeWatchedFilesParams>(params) else {
                    return Ok(());
                };
                if params.changes.iter().any(|change| self.is_input(&change.uri)) {
                    self.send_texts(DiskState::Changed);
                }
            }
            "$/cancelRequest" => {
                let id = params.get("id").and_then(|id| serde_json::from_value::<Id>(id.clone()).ok());
                let waiting = self.parked.iter().position(|request| Some(&request.id) == id.as_ref());
                if let Some(index) = waiting {
                    let request = self.parked.remove(index);
                    return self.reply(request.id, refuse(CANCELLED, "cancelled"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn watch_files(&mut self) -> io::Result<()> {
        if self.reports == FileReports::Nobody {
            return Ok(());
        }
        let watchers = json!({ "watchers": [{ "globPattern": "**/*" }] });
        let registration = json!({
            "id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": watchers,
        });
        let message = json!({
            "jsonrpc": "2.0", "id": "register-files", "method": "client/registerCapability",
            "params": { "registrations": [registration] },
        });
        transport::write(&mut self.output, &message)
    }

    /// Whether a file on disk may be part of the handbook.
    fn is_input(&self, uri: &lsp::Uri) -> bool {
        let Some(file) = self.view.file(uri) else { return false };
        let Some(analysis) = &self.analysis else { return true };
        let folders = analysis.inputs().config.folders();
        file.as_str() == "book.toml" || folders.iter().any(|folder| file.beneath(folder).is_some())
    }

    fn open(&mut self, document: lsp::TextDocumentItem) -> io::Result<()> {
        let lsp::TextDocumentItem { uri, version, text, .. } = document;
        let path = path_of_uri(&uri);
        self.view.documents.insert(uri.0.clone(), OpenDocument::new(uri, version, text));
        if self.jobs.is_some() {
            self.send_texts(DiskState::Unchanged);
            return Ok(());
        }
        let Some(folder) = path.as_deref().and_then(Path::parent) else { return Ok(()) };
        match handbook_around(folder) {
            Some(root) => self.start(root),
            None => {
                let message = format!(
                    "there is no `book.toml` in `{}` or above it, so Opsbook does nothing here. Start a handbook with \
                     `opsbook init`, or name one with `opsbook lsp --root DIR`.",
                    folder.display()
                );
                self.say(lsp::MessageType::Warning, message)
            }
        }
    }

    fn work_done(&mut self, done: WorkDone) -> io::Result<()> {
        match done {
            WorkDone::Analysed(analysis) => {
                self.said = None;
                self.failed_generation = None;
                self.analysis = Some(analysis);
                self.publish()?;
                self.answer_parked()
            }
            WorkDone::Checked { problems, disk } => {
                self.checked = Some(CheckedProblems { problems, disk });
                self.publish()
            }
            WorkDone::Failed { generation, failure } => {
                self.say(lsp::MessageType::Error, failure.to_string())?;
                self.failed_generation = Some(generation);
                self.answer_parked()
            }
            WorkDone::Edits { id, edits } => {
                let edits = edits.and_then(|edits| {
                    let edit = self.view.workspace_edit(&edits);
                    edit.ok_or_else(|| "a text has changed meanwhile; try again".to_owned())
                });
                match edits {
                    Ok(edit) => self.reply(id, answer(edit)),
                    Err(message) => {
                        // Many editors do not show the error of a request about a file.
                        self.say(lsp::MessageType::Error, message.clone())?;
                        self.reply(id, refuse(FAILED, message))
                    }
                }
            }
        }
    }

    fn publish(&mut self) -> io::Result<()> {
        let Some(analysis) = self.analysis.clone() else { return Ok(()) };
        for message in self.published.update(&self.view, &analysis, self.checked.as_ref()) {
            self.notify("textDocument/publishDiagnostics", message)?;
        }
        Ok(())
    }

    /// Answers the requests that waited, as far as they can be answered now.
    fn answer_parked(&mut self) -> io::Result<()> {
        for request in std::mem::take(&mut self.parked) {
            self.request(request)?;
        }
        Ok(())
    }

    /// The answer to a request.
    fn answer(&mut self, request: &WaitingRequest) -> Reply {
        let params = request.params.clone();
        let found = match request.method.as_str() {
            "textDocument/completion" => self.at_position(params, Freshness::Any, completion::complete),
            "textDocument/hover" => self.at_position(params, Freshness::Any, hover::hover),
            "textDocument/definition" => self.at_position(params, Freshness::Current, navigation::definition),
            "textDocument/references" => self.at_position(params, Freshness::Current, navigation::references),
            "textDocument/prepareRename" => {
                self.at_position(params, Freshness::Current, outline::heading_to_rename)
            }
            "textDocument/documentLink" => self.in_document(params, Freshness::Any, navigation::links),
            "textDocument/documentSymbol" => self.in_document(params, Freshness::Current, outline::symbols),
            "textDocument/foldingRange" => self.in_document(params, Freshness::Current, outline::folds),
            "textDocument/codeAction" => self.code_actions(params),
            "workspace/symbol" => self.workspace_symbols(params),
            "textDocument/rename" => self.rename_heading(&request.id, params),
            "workspace/willRenameFiles" => self.rename_file(&request.id, params),
            method => Err(refuse(METHOD_NOT_FOUND, format!("this server has no method `{method}`"))),
        };
        found.unwrap_or_else(|reply| reply)
    }

    /// Whether no analysis of the current texts will come, because they cannot be analysed.
    fn has_failed(&self) -> bool {
        self.failed_generation == Some(self.generation)
    }

    /// Whether no newer analysis will come before the texts change again.
    fn is_newest(&self, analysis: &Analysis) -> bool {
        analysis.generation == self.generation || self.has_failed()
    }

    /// The analysis, if it is current enough.
    fn analysed(&self, needed: Freshness) -> Result<Arc<Analysis>, Reply> {
        let known = self.analysis.as_ref();
        let known = known.filter(|known| needed == Freshness::Any || self.is_newest(known));
        known.cloned().ok_or(Reply::Wait)
    }

    /// The open document that a request is about.
    fn asked(&self, uri: &lsp::Uri, needed: Freshness) -> Result<(Arc<Analysis>, Source), Reply> {
        let document = self.view.documents.get(&uri.0);
        let (Some(document), Some(file)) = (document, self.view.file(uri)) else {
            return Err(Reply::Result(Value::Null));
        };
        let source = Source::new(file, Arc::clone(&document.text));
        let analysis = self.analysed(needed)?;
        if analysis.is_content(&source.path) {
            Ok((analysis, source))
        } else if self.is_newest(&analysis) {
            Err(Reply::Result(Value::Null))
        } else {
            // A new page is in the next analysis.
            Err(Reply::Wait)
        }
    }

    fn at_position<T: Serialize>(
        &self,
        params: Value,
        needed: Freshness,
        find: impl FnOnce(&AskedPlace<'_>) -> T,
    ) -> Result<Reply, Reply> {
        let params: lsp::TextDocumentPositionParams = parse_params(params)?;
        let (analysis, source) = self.asked(&params.text_document.uri, needed)?;
        let offset = self.view.lines(&source.path, &source.text).offset(params.position);
        Ok(answer(find(&AskedPlace { client: &self.view, analysis: &analysis, source: &source, offset })))
    }

    fn in_document<T: Serialize>(
        &self,
        params: Value,
        needed: Freshness,
        find: impl FnOnce(&AskedPlace<'_>) -> T,
    ) -> Result<Reply, Reply> {
        let params: lsp::DocumentSymbolParams = parse_params(params)?;
        let (analysis, source) = self.asked(&params.text_document.uri, needed)?;
        Ok(answer(find(&AskedPlace { client: &self.view, analysis: &analysis, source: &source, offset: 0 })))
    }

    fn code_actions(&self, params: Value) -> Result<Reply, Reply> {
        let params: lsp::CodeActionParams = parse_params(params)?;
        let (analysis, source) = self.asked(&params.text_document.uri, Freshness::Current)?;
        let lines = self.view.lines(&source.path, &source.text);
        let asked = lines.offset(params.range.start)..lines.offset(params.range.end);
        let place =
            AskedPlace { client: &self.view, analysis: &analysis, source: &source, offset: asked.start };
        Ok(answer(suggestions::actions(&place, asked, self.published.of_file(&source.path))))
    }

    fn workspace_symbols(&self, params: Value) -> Result<Reply, Reply> {
        let params: lsp::WorkspaceSymbolParams = parse_params(params)?;
        let analysis = self.analysed(Freshness::Current)?;
        Ok(answer(navigation::titles(&self.view, &analysis, &params.query)))
    }

    fn rename_heading(&mut self, id: &Id, params: Value) -> Result<Reply, Reply> {
        let params: lsp::RenameParams = parse_params(params)?;
        let place = params.text_document_position_params;
        let (analysis, source) = self.asked(&place.text_document.uri, Freshness::Current)?;
        let offset = self.view.lines(&source.path, &source.text).offset(place.position);
        let place = AskedPlace { client: &self.view, analysis: &analysis, source: &source, offset };
        let Some((index, _)) = outline::heading_at(&place) else {
            return Err(refuse(FAILED, "only headings can be renamed here; rename a page by its file"));
        };
        let rename = HeadingRename { file: source.path.clone(), index, name: params.new_name };
        self.send(Job::RenameHeading { id: id.clone(), rename });
        Ok(Reply::Later)
    }

    fn rename_file(&mut self, id: &Id, params: Value) -> Result<Reply, Reply> {
        let params: lsp::RenameFilesParams = parse_params(params)?;
        let named = |uri: &lsp::Uri| self.view.file(&lsp::Uri(uri.0.trim_end_matches('/').to_owned()));
        let analysis = self.analysed(Freshness::Current)?;
        let content = &analysis.inputs().config.content;
        let mut paths = Vec::new();
        for file in &params.files {
            if let (Some(from), Some(to)) = (named(&file.old_uri), named(&file.new_uri))
                && from.beneath(content).is_some()
            {
                paths.push(Rename { from, to });
            }
        }
        if paths.is_empty() {
            return Ok(Reply::Result(Value::Null));
        }
        self.send(Job::Move { id: id.clone(), paths });
        Ok(Reply::Later)
    }
}

/// The nearest folder with `book.toml`, upwards.
fn handbook_around(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join("book.toml").is_file()).map(Path::to_owned)
}

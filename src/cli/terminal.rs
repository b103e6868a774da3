//! Prints text to standard output and standard error.
//!
//! Owns the two streams, and whether they are a terminal with colour. A reader that closes the pipe early (`|
//! head`) is not an error: the rest is not printed.

#![expect(clippy::disallowed_methods, reason = "asks the environment how the terminal looks")]

use std::env;
use std::io::{self, IsTerminal, Write};

use crate::input::Failure;
use crate::report::escape::escape;
use crate::report::{ColourChoice, ReportStyle};

/// Standard output and error.
pub(super) struct Terminal {
    no_colour: bool,
    width: usize,
}

/// One of the two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputStream {
    Out,
    Error,
}

impl Terminal {
    pub fn new() -> Terminal {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let width = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        Terminal { no_colour: set("NO_COLOR") || dumb, width: width.unwrap_or(120).clamp(40, 400) }
    }

    /// Prints text without escaping it.
    pub fn print(&self, stream: OutputStream, text: &str) {
        // An error is ignored: if the reader has gone, no message can reach it.
        let _ = match stream {
            OutputStream::Out => io::stdout().lock().write_all(text.as_bytes()),
            OutputStream::Error => io::stderr().lock().write_all(text.as_bytes()),
        };
    }

    /// Prints a line to standard output, escaped.
    pub fn line(&self, text: &str) {
        self.print(OutputStream::Out, &format!("{}\n", escape(text)));
    }

    /// Prints lines to standard output, escaped.
    pub fn lines(&self, texts: &[String]) {
        let text: String = texts.iter().map(|text| format!("{}\n", escape(text))).collect();
        self.print(OutputStream::Out, &text);
    }

    /// Prints an escaped line to standard error, for people only.
    pub fn note(&self, text: &str) {
        self.print(OutputStream::Error, &format!("{}\n", escape(text)));
    }

    /// Prints the failure of a command, with its help.
    pub fn failure(&self, failure: &Failure) {
        let (start, end) = match self.colour(OutputStream::Error) {
            ColourChoice::Always => ("\u{1b}[1;91m", "\u{1b}[0m"),
            ColourChoice::Never => ("", ""),
        };
        let message = escape(&failure.message);
        let help = escape(&failure.help);
        self.print(OutputStream::Error, &format!("{start}error{end}: {message}\n  help: {help}\n"));
    }

    /// The style of reports on a stream.
    pub fn look(&self, stream: OutputStream) -> ReportStyle {
        ReportStyle { colour: self.colour(stream), width: self.width, most: 200 }
    }

    /// Whether the stream is a terminal, so that a person sees the text.
    pub fn is_watched(&self, stream: OutputStream) -> bool {
        match stream {
            OutputStream::Out => io::stdout().is_terminal(),
            OutputStream::Error => io::stderr().is_terminal(),
        }
    }

    fn colour(&self, stream: OutputStream) -> ColourChoice {
        if self.is_watched(stream) && !self.no_colour { ColourChoice::Always } else { ColourChoice::Never }
    }
}

//! Messages of the protocol on a pair of streams.
//!
//! Owns the frame around each message (`Content-Length` and JSON) and what is accepted from a client. A frame has a
//! largest length, and memory grows only with bytes that arrive.

use std::io::{self, BufRead, Read, Write};

use gen_lsp_types::json_rpc::{Id, RequestObject};
use serde::Serialize;
use serde_json::Value;

/// The largest message, in bytes.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// The longest line of a header, in bytes.
const HEADER_BYTES: u64 = 4096;

/// The most lines of a header.
const HEADER_LINES: usize = 32;

/// What a client has sent.
#[derive(Debug)]
pub enum ClientMessage {
    /// A request, or a notification without an id.
    Call(RequestObject),
    /// The answer to a request of the server.
    Answer,
    /// Not a message of JSON-RPC.
    Nonsense {
        /// The id of the request, if it can be read.
        id: Id,
        why: NonsenseReason,
        message: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonsenseReason {
    NotJson,
    NotRequest,
}

/// Reads the next message; `None` at the end of the stream.
///
/// # Errors
/// The stream fails or ends within a message, or has no frame that can be read: what follows cannot be found.
pub fn read_message(stream: &mut impl BufRead) -> io::Result<Option<ClientMessage>> {
    let Some(length) = read_header(stream)? else { return Ok(None) };
    let mut body = Vec::new();
    stream.take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Err(invalid("the stream ends within a message".to_owned()));
    }
    Ok(Some(message(&body)))
}

/// The length of the body; `None` at the end of the stream.
fn read_header(stream: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    for number in 0..HEADER_LINES {
        let mut line = Vec::new();
        stream.take(HEADER_BYTES).read_until(b'\n', &mut line)?;
        if line.is_empty() && number == 0 {
            return Ok(None);
        }
        if !line.ends_with(b"\n") {
            return Err(invalid("a header has no end".to_owned()));
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            let length = length.ok_or_else(|| invalid("a message has no `Content-Length`".to_owned()))?;
            return Ok(Some(length));
        }
        let Some((name, value)) = line.split_once(':') else {
            return Err(invalid("a line of a header has no colon".to_owned()));
        };
        if name.trim().eq_ignore_ascii_case("content-length") {
            let number: Option<u64> = value.trim().parse().ok();
            let number = number.filter(|number| *number <= MOST_BYTES);
            length = Some(number.ok_or_else(|| {
                invalid(format!("`Content-Length` is not a number of at most {MOST_BYTES}"))
            })?);
        }
    }
    Err(invalid(format!("a header has more than {HEADER_LINES} lines")))
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

fn message(body: &[u8]) -> ClientMessage {
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => {
            let message = format!("the message is not JSON: {error}");
            return ClientMessage::Nonsense { id: Id::Null, why: NonsenseReason::NotJson, message };
        }
    };
    let is_call = value.get("method").is_some_and(Value::is_string);
    if !is_call && (value.get("result").is_some() || value.get("error").is_some()) {
        return ClientMessage::Answer;
    }
    let id = value.get("id").and_then(|id| serde_json::from_value(id.clone()).ok()).unwrap_or(Id::Null);
    match serde_json::from_value::<RequestObject>(value) {
        Ok(call) if is_call => ClientMessage::Call(call),
        _ => {
            let message = "the message is not a request of JSON-RPC 2.0".to_owned();
            ClientMessage::Nonsense { id, why: NonsenseReason::NotRequest, message }
        }
    }
}

/// Writes a message.
///
/// # Errors
/// The stream is closed.
pub fn write(stream: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let body = serde_json::to_vec(message)?;
    write!(stream, "Content-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(&body)?;
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn messages_are_read_one_after_the_other() {
        let text = framed(r#"{"jsonrpc":"2.0","id":1,"method":"a"}"#)
            + &framed("{nonsense")
            + &framed(r#"[1,2]"#)
            + &framed(r#"{"jsonrpc":"2.0","id":7,"result":null}"#)
            + &framed(r#"{"jsonrpc":"1.0","id":"x","method":"b"}"#);
        let mut stream = text.as_bytes();
        let mut next = || read_message(&mut stream).unwrap();
        assert!(matches!(next(), Some(ClientMessage::Call(call)) if call.method() == "a"));
        assert!(matches!(next(), Some(ClientMessage::Nonsense { why: NonsenseReason::NotJson, .. })));
        assert!(matches!(next(), Some(ClientMessage::Nonsense { why: NonsenseReason::NotRequest, .. })));
        assert!(matches!(next(), Some(ClientMessage::Answer)));
        let last = next();
        assert!(matches!(last, Some(ClientMessage::Nonsense { id: Id::String(id), .. }) if id == "x"));
        assert!(next().is_none());
    }

    #[test]
    fn a_frame_that_cannot_be_read_is_an_error() {
        for text in [
            "nonsense\r\n\r\n",
            "Content-Length: x\r\n\r\n",
            "Content-Length: 99999999999999999999\r\n\r\n",
            "Content-Length: 9000000000\r\n\r\n{}",
            "Content-Type: x\r\n\r\n{}",
            "Content-Length: 10\r\n\r\n{}",
            "Content-Length: 10",
            &"A: b\r\n".repeat(99),
            &"A".repeat(99_999),
        ] {
            assert!(read_message(&mut text.as_bytes()).is_err(), "{text:.40}");
        }
    }
}

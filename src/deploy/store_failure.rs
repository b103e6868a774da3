//! What the errors of a store mean, as a sentence with a way out.
//!
//! Owns the table of error codes of S3. Of an answer only its code and its message are shown: the rest can hold what was signed.

use std::error::Error;

use crate::input::Failure;

/// Explains an error. `action` is a verb with its object: "write `index.html`".
pub(super) fn store_failure(address: &str, action: &str, error: &object_store::Error) -> Failure {
    let answer = chain(error);
    let code = element(&answer, "Code").unwrap_or_default();
    let explained =
        |why: &str, help: &str| Failure::new(format!("cannot {action} in `{address}`: {why}"), help);
    match code {
        "NoSuchBucket" => explained(
            "there is no such bucket",
            "Create the bucket, or check its name and the region (`AWS_REGION`, `AWS_ENDPOINT_URL`).",
        ),
        "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "ExpiredToken" | "InvalidToken" | "AuthFailure" => {
            explained(
                &format!("the store does not accept the credentials (`{code}`)"),
                "Check `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary credentials, `AWS_SESSION_TOKEN`.",
            )
        }
        "RequestTimeTooSkewed" | "RequestExpired" => explained(
            "the clock of this machine differs from that of the store",
            "Set the clock, for instance with `timedatectl set-ntp true`.",
        ),
        "PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException" => {
            explained("the bucket is in another region", "Set `AWS_REGION` to the region of the bucket.")
        }
        "NotImplemented" => explained(
            "the store does not know this request",
            "The store must know conditional writes (`If-None-Match`), which lock the target.",
        ),
        "AccessDenied" | "AllAccessDisabled" | "AccountProblem" => denied(address, action),
        _ if answer.contains("invalid peer certificate") || answer.contains("No CA certificates") => {
            explained(
                "the certificate of the store cannot be verified",
                "Install the certificates of the system (`ca-certificates`), or name a file with yours in `SSL_CERT_FILE`.",
            )
        }
        _ if answer.contains("without LOCATION") => {
            explained("the bucket is in another region", "Set `AWS_REGION` to the region of the bucket.")
        }
        _ => match error {
            object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
                denied(address, action)
            }
            _ => explained(
                &summary(&answer),
                "Check `AWS_ENDPOINT_URL` and the network, then run the same command again: it uploads what is missing.",
            ),
        },
    }
}

fn denied(address: &str, action: &str) -> Failure {
    Failure::new(
        format!("cannot {action} in `{address}`: access is denied"),
        "The credentials must be allowed to list, read, write and delete objects there. S3 calls these rights `s3:ListBucket`, \
         `s3:GetObject`, `s3:PutObject` and `s3:DeleteObject`.",
    )
}

/// Whether the bytes were damaged or cut on their way, so that the same request may succeed.
pub(super) fn is_damaged_on_the_way(error: &object_store::Error) -> bool {
    let answer = chain(error);
    let codes = [
        "BadDigest",
        "IncompleteBody",
        "InvalidDigest",
        "RequestTimeout",
        "XAmzContentChecksumMismatch",
        "XAmzContentSHA256Mismatch",
    ];
    match element(&answer, "Code") {
        Some(code) => codes.contains(&code),
        // Without an answer the connection failed in a way that the client does not try again by itself.
        None => matches!(error, object_store::Error::Generic { .. }) && !answer.contains("status code"),
    }
}

/// The error with its causes, each once.
fn chain(error: &object_store::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let next = error.to_string();
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        source = error.source();
    }
    text
}

/// The text of an element of an XML answer.
fn element<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = answer.split_once(&format!("<{name}>"))?;
    Some(rest.split_once("</")?.0.trim())
}

/// An unexplained answer in one line: the code and the message of the store, or the error without the body of an answer.
fn summary(answer: &str) -> String {
    if let Some(code) = element(answer, "Code") {
        let message = element(answer, "Message").unwrap_or_default();
        return format!("the store answers `{code}`: {message}").trim_end_matches(": ").to_owned();
    }
    let text = answer.split('<').next().unwrap_or_default();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(400).collect::<String>().trim_end_matches([':', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(text: &str) -> object_store::Error {
        object_store::Error::Generic { store: "S3", source: text.to_owned().into() }
    }

    #[test]
    fn each_code_has_a_sentence_and_a_way_out() {
        let explained = |code: &str| {
            let error = generic(&format!(
                "<Error><Code>{code}</Code><Message>m</Message><StringToSign>secret</StringToSign></Error>"
            ));
            let failure = store_failure("s3://b/p", "read `x`", &error);
            assert!(!failure.message.contains("secret") && !failure.help.is_empty(), "{failure:?}");
            failure.message
        };
        assert_eq!(explained("NoSuchBucket"), "cannot read `x` in `s3://b/p`: there is no such bucket");
        assert!(explained("AccessDenied").ends_with("access is denied"));
        assert!(explained("SignatureDoesNotMatch").contains("does not accept the credentials"));
        assert!(explained("RequestTimeTooSkewed").contains("clock"));
        assert!(explained("PermanentRedirect").contains("region"));
        assert_eq!(explained("TooBig"), "cannot read `x` in `s3://b/p`: the store answers `TooBig`: m");
    }

    #[test]
    fn only_what_was_damaged_is_sent_again() {
        assert!(is_damaged_on_the_way(&generic("<Error><Code>BadDigest</Code></Error>")));
        assert!(is_damaged_on_the_way(&generic("connection closed before message completed")));
        assert!(!is_damaged_on_the_way(&generic("<Error><Code>AccessDenied</Code></Error>")));
        assert!(!is_damaged_on_the_way(&generic("Server returned non-2xx status code: 501: ")));
    }
}

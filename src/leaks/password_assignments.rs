//! Values that are assigned to names of secrets: `password: …`, `API_KEY=…`.
//!
//! Owns the syntax of assignments, and the checks of their values: prose, types, placeholders and paths are not secrets.

use std::ops::Range;

use super::placeholder::{entropy, is_placeholder, is_random};
use super::run_end;

/// The most bytes of a name after the word that a rule found, such as `_old` of `password_old`.
const LONGEST_NAME: usize = 40;

/// The number of bytes after the word in which the value is searched.
const LONGEST_VALUE: usize = 1024;

/// The range of the value that is assigned to the name at `at`, without quotes.
fn value(text: &[u8], at: &Range<usize>) -> Option<Range<usize>> {
    let text = &text[..text.len().min(at.end + LONGEST_VALUE)];
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte) || byte >= 0x80;
    let name = run_end(text, at.end, is_name);
    if name - at.end > LONGEST_NAME {
        return None;
    }
    // After the name: its closing quote or bracket, the sign `:`, `=` or `=>`, space, and the opening quote.
    let closed = run_end(text, name, |byte| b"\\\"'`]* ".contains(&byte));
    let sign = run_end(text, closed, |byte| b":=>".contains(&byte));
    let blank = run_end(text, sign, |byte| byte == b' ' || byte == b'\t');
    let open = run_end(text, blank, |byte| b"\\\"'`*".contains(&byte));
    // A sign that begins with `>` is the end of a tag: `<input type="password">`.
    if sign == closed
        || text[closed] == b'>'
        || sign - closed > 2
        || closed - name > 4
        || blank - sign > 40
        || open - blank > 3
    {
        return None;
    }
    let end = match text[blank..open].iter().find(|byte| b"\"'".contains(byte)) {
        Some(quote) => run_end(text, open, |byte| byte != *quote && !b"\n<\\".contains(&byte)),
        None => run_end(text, open, |byte| !byte.is_ascii_whitespace() && !b"<\"'`&\\".contains(&byte)),
    };
    // Punctuation at the end belongs to the sentence around the value.
    let kept = text[open..end].iter().rposition(|byte| !b".,;:)*".contains(byte))?;
    Some(open..open + kept + 1)
}

/// The password that is assigned to the name at `at`. It has letters and other characters, and is not a reference to a
/// password, such as a path.
pub(super) fn password(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let range = value(text, &at)?;
    let password = &text[range.clone()];
    let letters = password.iter().any(u8::is_ascii_alphabetic);
    let special = password.iter().any(|byte| b"!@#$%^&*+=?~|".contains(byte));
    let digits = password.iter().any(u8::is_ascii_digit);
    let sound =
        (6..=128).contains(&password.len()) && letters && (special || digits) && !is_reference(password);
    (sound && !is_placeholder(password) && (special || !is_identifier(password))).then_some(range)
}

/// The secret other than a password that is assigned to the name at `at`. It is long and random.
pub(super) fn secret(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let range = value(text, &at)?;
    let secret = &text[range.clone()];
    let letters = secret.iter().any(u8::is_ascii_alphabetic);
    let digits = secret.iter().any(u8::is_ascii_digit);
    let plain = secret.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_.~-".contains(byte));
    let sound = (16..=512).contains(&secret.len()) && letters && digits && plain && !is_reference(secret);
    let chance = entropy(secret) >= 3.0 && is_random(secret) && !is_identifier(secret);
    (sound && chance && !is_digest(text, &at)).then_some(range)
}

/// Whether the name comes after `sha256:`: a digest is public.
fn is_digest(text: &[u8], at: &Range<usize>) -> bool {
    text[..at.start].ends_with(b"sha256:")
}

/// Whether a value is a path, a URL or an expression of a program: the location of a secret, not the secret.
fn is_reference(value: &[u8]) -> bool {
    let begins =
        [&b"/"[..], b"./", b"../", b"~/", b"http:", b"https:", b"file:", b"vault:", b"ref+", b"env:", b"!"];
    let first = begins.iter().any(|start| value.starts_with(start));
    first || value.windows(3).any(|part| part == b"://") || value.windows(2).any(|part| part == b"::")
}

/// Whether a value is a name: words and numbers with separators, such as `my-service-2` or `v1.Secret`.
fn is_identifier(value: &[u8]) -> bool {
    let mut parts = value.split(|byte| b"-_./ ,".contains(byte)).filter(|part| !part.is_empty());
    let is_word = |part: &[u8]| {
        let letters = part.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let rest = &part[letters..];
        rest.iter().all(u8::is_ascii_digit) && (letters == 0 || rest.len() <= 2)
    };
    value.iter().any(|byte| b"-_./ ,".contains(byte)) && parts.all(is_word)
}

#[cfg(test)]
mod tests {
    use crate::leaks::detectors::tests::random;
    use crate::leaks::tests::{assert_found, assert_silent};

    #[test]
    fn passwords_are_found_in_the_forms_of_settings() {
        let texts = [
            "password: «Tr0ub4dor&3»".replace('&', "-x"),
            "passwd=«s3cr3tWord»".to_owned(),
            "keystone_admin_password: \"«qW8!rT2»\"".to_owned(),
            "OS_PASSWORD='«Zu9+kLm4»'".to_owned(),
            "{\"db_password\": \"«m3inPasswort»\"}".to_owned(),
            "Passwort: «geh3im!Nis».".to_owned(),
            "the password: `«h0rse!staple»` works".to_owned(),
            "$config['password'] = '«x9Y!z8W#»';".to_owned(),
            "Kennwort = «Sommer2024!»".to_owned(),
            "rabbit_pass => \"«k4nin!chen»\"".to_owned(),
        ];
        assert_found("leak.password", &texts.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn what_stands_for_a_password_is_none() {
        let texts = [
            "password: …",
            "password: <password>",
            "password: ${DB_PASSWORD}",
            "passwd=changeme",
            "password: example123",
            "password: ***",
            "password: {{ vault_admin_password }}",
            "Password: see the vault",
            "password: String",
            "password: lookup('env', 'PW1')",
            "password_file: /etc/secret/pw1",
            "pwd=/srv/x1",
            "<input type=\"password\" name=\"pw1\">",
            "password_min_length: 12",
            "passwordless login: yes",
            "password: https://vault.example/1",
            "password = os.environ[\"PW1\"]",
            "password: my-service-2",
            "password:",
            "token: abc",
            "secret_name: openstack-credentials-2",
            "secret: aaaaaaaaaaaaaaaa1",
            "secret: see the guide, 2 pages",
            "token=$(openssl rand -hex 16)",
            "tokens: 1234567890123456",
        ];
        assert_silent("leak.password", &texts);
    }

    #[test]
    fn secrets_of_chance_are_found() {
        let any = |length, seed| random("Alnum", length, seed);
        let texts = [
            format!("client_secret: «{}»", any(32, 1)),
            format!("TOKEN=«{}»", random("Hex", 40, 2)),
            format!("\"api_key\": \"«{}»\"", any(24, 3)),
            format!("X-Auth-Token: «{}»", random("Hex", 32, 4)),
            format!("access_key = '«{}»'", any(20, 8)),
        ];
        assert_found("leak.password", &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let texts = [
            format!("aws_secret_access_key = «{}»", any(40, 1)),
            format!("AWS_SECRET_ACCESS_KEY=«{}»", any(40, 2)),
            format!("OS_APPLICATION_CREDENTIAL_SECRET=«{}»", any(86, 3)),
            format!("application_credential_secret: \"«{}»\"", any(86, 4)),
            format!("PrivateKey = «{}=»", any(43, 5)),
            format!("PresharedKey = «{}=»", any(43, 6)),
        ];
        assert_found("leak.secret", &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let texts = [
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
            "aws_secret_access_key = <secret>".to_owned(),
            format!("application_credential_secret: {}", "x".repeat(86)),
            format!("PublicKey = {}=", any(43, 5)),
            "PrivateKey = <of this host>".to_owned(),
        ];
        assert_silent("leak.secret", &texts.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

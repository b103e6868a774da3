//! Random numbers of the operating system, as text. The names of temporary files, of runs and of the server's
//! sessions are made of them; what may repeat from build to build comes from a digest instead.

use super::Failure;

/// Random bytes as hexadecimal digits, two for each byte.
///
/// # Errors
/// The operating system gives none.
pub fn random_hex(bytes: usize) -> Result<String, Failure> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(|error| {
        Failure::new(
            format!("the operating system gives no random bytes: {error}"),
            "Check that `/dev/urandom` can be read here.",
        )
    })?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

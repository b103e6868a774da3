//! Encryption of connections to other hosts: rustls with graviola.
//!
//! Owns the choice of the cryptography, once for the process. It is Rust and assembly inside of Rust, so that no C compiler
//! is needed.

use crate::input::Failure;

/// Sets up encryption of connections for this process.
///
/// # Errors
/// The processor is too old.
pub fn install() -> Result<(), Failure> {
    if !graviola::util::is_cpu_supported() {
        return Err(Failure::new(
            "this processor has no instructions for fast cryptography, which encrypted connections need here",
            "Use a newer machine (x86-64 with AVX2 and ADX, or ARM64 with AES).",
        ));
    }
    // An error means that another call in this process has done it.
    let _ = rustls_graviola::default_provider().install_default();
    Ok(())
}

//! The targets for libFuzzer: `TARGET` in the environment says which one.
#![no_main]
#![expect(clippy::disallowed_methods, reason = "the environment says which target is run")]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use opsbook_fuzz::{Target, target};

static CHOSEN: OnceLock<&Target> = OnceLock::new();

fn chosen() -> &'static Target {
    let name = std::env::var("TARGET").expect("TARGET names a target");
    // A panic that the program catches itself is none; the others end the process all the same.
    drop(std::panic::take_hook());
    target(&name).expect("TARGET names one of the targets")
}

fuzz_target!(init: { CHOSEN.get_or_init(chosen); }, |bytes: &[u8]| {
    (CHOSEN.get_or_init(chosen).check)(bytes);
});

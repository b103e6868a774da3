//! Stands for `external` in a program that is made without requests to other hosts.
//!
//! Owns nothing: there is no option that asks for them.

use std::convert::Infallible;

use crate::input::Inputs;
use crate::moves::CheckedInputs;

use super::terminal::Terminal;

/// The answers to the links of a handbook. There are none.
pub(super) struct WebLinkCheck(Infallible);

impl WebLinkCheck {
    pub fn add_problems(&self, _: &mut CheckedInputs) {
        match self.0 {}
    }

    pub fn report(&self, _: &Inputs, _: &Terminal) {
        match self.0 {}
    }
}

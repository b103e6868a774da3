//! placeholder
use crate::{output::Output, site::Site, theme::Theme};
/// All.
pub fn all(_site: &Site, theme: &Theme) -> Vec<Output> {
    theme.outputs()
}

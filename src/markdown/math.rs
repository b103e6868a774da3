//! placeholder
pub(super) fn mathml(tex: &str, _block: bool) -> Result<String, String> {
    Ok(super::escape(tex))
}

//! What a `.gitlab-ci.yml` that is there means for a file that it includes.
//!
//! Owns the few lines that matter, the top-level keys `stages` and `pages`. Values that come from elsewhere stay unknown.

/// The facts about a pipeline.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct GitLabPipeline {
    /// The last stage, if jobs need to name one: GitLab refuses jobs without a stage where there is no stage `test`.
    pub stage: Option<String>,
    /// Whether it has a job `pages`, which GitLab would merge with an included one.
    pub has_pages: bool,
}

impl GitLabPipeline {
    pub fn parse(text: &str) -> GitLabPipeline {
        let mut pipeline = GitLabPipeline::default();
        let mut stages: Vec<String> = Vec::new();
        let mut is_in_stages = false;
        for line in text.lines() {
            let line = line.split(" #").next().unwrap_or(line).trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if is_in_stages && let Some(item) = line.trim_start().strip_prefix("- ") {
                stages.push(unquoted(item));
                continue;
            }
            if line.starts_with([' ', '\t']) {
                continue;
            }
            let Some((key, value)) = line.split_once(':') else { continue };
            is_in_stages = key == "stages";
            pipeline.has_pages |= key == "pages";
            if let Some(list) = value.trim().strip_prefix('[').filter(|_| is_in_stages) {
                let list = list.trim_end_matches(']').split(',');
                stages.extend(list.map(unquoted).filter(|stage| !stage.is_empty()));
            }
        }
        pipeline.stage = stages.last().filter(|_| !stages.iter().any(|stage| stage == "test")).cloned();
        pipeline
    }
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_name_a_stage_where_there_is_no_stage_test() {
        let stage = |text: &str| GitLabPipeline::parse(text).stage;
        assert_eq!(stage("build:\n  script: [make]\n"), None);
        assert_eq!(stage("stages: [build, test, deploy]\n"), None);
        assert_eq!(stage("stages: [lint, \"ship it\"] # two\n").as_deref(), Some("ship it"));
        assert_eq!(stage("stages:\n  - lint\n  # then\n  - 'ship'\nx:\n  - y\n").as_deref(), Some("ship"));
        assert_eq!(stage("stages:\n- lint\n- ship\n").as_deref(), Some("ship"));
        assert_eq!(stage("x:\n  stages: [a]\n"), None);
    }

    #[test]
    fn a_job_for_pages_is_found() {
        assert!(GitLabPipeline::parse("pages:\n  script: [make]\n").has_pages);
        assert!(!GitLabPipeline::parse("x:\n  pages: true\n").has_pages);
    }
}

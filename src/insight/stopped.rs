//! Whether a stop is proven: gluster's "success" counts only the nodes that answered.

use crate::model::{NodeProgress, TaskState};

/// What is not known of nodes that were to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt<'a> {
    /// There is no answer of any node.
    Nobody,
    /// These gave none.
    Silent(Vec<&'a str>),
    /// These gave a state that has no meaning here.
    Strange(Vec<&'a str>),
}

/// Every doubt about these nodes, which are all that ought to take part. `has_answered`: the node
/// has spoken since the stop.
pub fn doubts(
    nodes: &[NodeProgress],
    has_answered: impl Fn(&NodeProgress) -> bool,
) -> Vec<Doubt<'_>> {
    if nodes.is_empty() {
        return vec![Doubt::Nobody];
    }
    let names = |is_meant: &dyn Fn(&NodeProgress) -> bool| {
        let meant = nodes.iter().filter(|node| is_meant(node));
        meant.map(|node| node.name.as_str()).collect::<Vec<_>>()
    };
    let silent = names(&|node| !has_answered(node));
    let strange = names(&|node| has_answered(node) && node.state == TaskState::Unknown);
    let doubts = [Doubt::Silent(silent), Doubt::Strange(strange)];
    doubts
        .into_iter()
        .filter(|doubt| !doubt.names().is_empty())
        .collect()
}

impl<'a> Doubt<'a> {
    /// The nodes, by name.
    pub fn names(&self) -> &[&'a str] {
        match self {
            Self::Nobody => &[],
            Self::Silent(names) | Self::Strange(names) => names,
        }
    }

    /// In words, with the names as `shown`.
    pub fn words(&self, shown: &str) -> String {
        let what = match self {
            Self::Nobody => return format!("no node gave an answer: {UNKNOWN}"),
            Self::Silent(_) => "gave no answer",
            Self::Strange(_) => "gave a state that is not known here",
        };
        format!("{shown} {what}: {UNKNOWN}")
    }
}

const UNKNOWN: &str = "whether it stopped is not known";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::node;

    #[test]
    fn only_an_answer_of_every_node_proves_a_stop() {
        let answered = |node: &NodeProgress| node.reported;
        assert_eq!(doubts(&[], answered), [Doubt::Nobody]);
        let stopped = node(1, TaskState::Stopped);
        assert_eq!(doubts(std::slice::from_ref(&stopped), answered), []);
        let mut silent = node(2, TaskState::Stopped);
        silent.reported = false;
        let nodes = [stopped, silent, node(3, TaskState::Unknown)];
        let words: Vec<_> = doubts(&nodes, answered)
            .iter()
            .map(|doubt| doubt.words(&doubt.names().join(" ")))
            .collect();
        assert_eq!(
            words,
            [
                "gl-02 gave no answer: whether it stopped is not known",
                "gl-03 gave a state that is not known here: whether it stopped is not known",
            ]
        );
    }
}

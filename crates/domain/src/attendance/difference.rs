//! What one version of a stage plan changes against another: stages and lines that are new, gone, or say something else.

use crate::attendance::plan::StagePlan;

/// Places in the version before and in the one after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Added(usize),
    Gone(usize),
    Changed { before: usize, after: usize },
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub stages: Vec<Change>,
    pub lines: Vec<Change>,
    /// Lines that both versions have, word for word.
    pub same: usize,
}

impl Difference {
    /// A line that is not repeated word for word is the changed one of the same person and post, else of the same person;
    /// a stage that of the same name, else of the same kind.
    pub fn between(before: &StagePlan, after: &StagePlan) -> Difference {
        let lines = pair(
            &before.lines,
            &after.lines,
            &[&|a, b| a == b, &|a, b| a.person == b.person && a.post == b.post, &|a, b| a.person == b.person],
        );
        let stages =
            pair(&before.stages, &after.stages, &[&|a, b| a == b, &|a, b| a.name == b.name, &|a, b| a.kind == b.kind]);
        let unlike_stage = |it: &Change| !matches!(it, Change::Changed { before: a, after: b } if before.stages[*a] == after.stages[*b]);
        let unlike_line =
            |it: &Change| !matches!(it, Change::Changed { before: a, after: b } if before.lines[*a] == after.lines[*b]);
        let same = lines.iter().filter(|it| !unlike_line(it)).count();
        Difference {
            stages: stages.into_iter().filter(unlike_stage).collect(),
            lines: lines.into_iter().filter(unlike_line).collect(),
            same,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.stages.is_empty() && self.lines.is_empty()
    }
}

/// Whether two things are the same one, in a looser and looser sense.
type Alike<'a, T> = &'a dyn Fn(&T, &T) -> bool;

/// In the order of the version after, then what is gone.
fn pair<T>(before: &[T], after: &[T], senses: &[Alike<T>]) -> Vec<Change> {
    let mut taken = vec![false; before.len()];
    let mut met: Vec<Option<usize>> = vec![None; after.len()];
    for alike in senses {
        for (b, it) in after.iter().enumerate() {
            if met[b].is_some() {
                continue;
            }
            if let Some(a) = (0..before.len()).find(|a| !taken[*a] && alike(&before[*a], it)) {
                taken[a] = true;
                met[b] = Some(a);
            }
        }
    }
    let new = met.iter().enumerate().map(|(b, a)| match a {
        Some(a) => Change::Changed { before: *a, after: b },
        None => Change::Added(b),
    });
    new.chain((0..before.len()).filter(|a| !taken[*a]).map(Change::Gone)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attendance::plan::{Kind, Line, Mask, Mode, Post, Stage, StageKind};
    use crate::id::{PersonId, SiteId};
    use crate::time::Day;
    use uuid::Uuid;

    fn line(person: u128, post: &str, kind: Kind) -> Line {
        let (from, to) = (Day::new(2018, 5, 14).unwrap(), Day::new(2018, 6, 30).unwrap());
        Line {
            person: PersonId(Uuid::from_u128(person)),
            post: Post(post.into()),
            from,
            to,
            kind,
            days: Mask::Workdays,
            mode: Mode::Once,
            min_minutes: None,
            shift: None,
            excused_by: vec![],
            covers: None,
            needs_delegate: false,
            replaces: None,
        }
    }

    fn plan(stages: &[(&str, StageKind)], lines: Vec<Line>) -> StagePlan {
        let (from, to) = (Day::new(2018, 5, 14).unwrap(), Day::new(2018, 6, 30).unwrap());
        let stage = |(name, kind): &(&str, StageKind)| Stage {
            name: (*name).into(),
            kind: *kind,
            from,
            to,
            requirements: vec![],
        };
        StagePlan {
            site: SiteId(Uuid::from_u128(9)),
            version: 1,
            effective_from: from,
            approved_at: None,
            stages: stages.iter().map(stage).collect(),
            lines,
        }
    }

    #[test]
    fn what_is_repeated_is_no_change_wherever_it_stands() {
        let (a, b) = (line(1, "安全员", Kind::FullTime), line(2, "资料员", Kind::PerWeek { n: 2 }));
        let before = plan(&[("主体", StageKind::Structure)], vec![a.clone(), b.clone()]);
        let after = plan(&[("主体", StageKind::Structure)], vec![b, a]);
        let found = Difference::between(&before, &after);
        assert!(found.is_empty());
        assert_eq!(found.same, 2);
    }

    #[test]
    fn lines_are_added_gone_and_changed() {
        let before = plan(
            &[("主体", StageKind::Structure), ("收尾", StageKind::Closing)],
            vec![
                line(1, "安全员", Kind::FullTime),
                line(2, "资料员", Kind::PerWeek { n: 2 }),
                line(3, "施工员", Kind::OnCall),
            ],
        );
        let after = plan(
            &[("主体结构", StageKind::Structure)],
            vec![
                line(4, "安全员", Kind::FullTime),
                line(2, "资料员", Kind::PerWeek { n: 1 }),
                line(3, "质量员", Kind::OnCall),
            ],
        );
        let found = Difference::between(&before, &after);
        assert_eq!(
            found.lines,
            vec![
                Change::Added(0),
                Change::Changed { before: 1, after: 1 },
                Change::Changed { before: 2, after: 2 },
                Change::Gone(0),
            ]
        );
        assert_eq!(found.stages, vec![Change::Changed { before: 0, after: 0 }, Change::Gone(1)]);
        assert_eq!(found.same, 0);
    }

    #[test]
    fn two_lines_of_one_person_keep_their_own_half() {
        let (first, second) = (line(1, "安全员", Kind::FullTime), line(1, "安全员", Kind::PerWeek { n: 3 }));
        let before = plan(&[], vec![first.clone(), second.clone()]);
        let after = plan(&[], vec![second, line(1, "安全员", Kind::OnCall)]);
        let found = Difference::between(&before, &after);
        assert_eq!(found.lines, vec![Change::Changed { before: 0, after: 1 }]);
        assert_eq!(found.same, 1);
    }
}

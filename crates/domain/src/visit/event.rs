//! What people read of the events of a visit.

/// What people read in the timeline, in Chinese and English; empty for what is no event of a visit.
pub fn event_words(event: &str) -> (&'static str, &'static str) {
    match event {
        "visit-planned" => ("安排走访", "Planned"),
        "visit-agreed" => ("约定时间", "Time agreed"),
        "visit-declined" => ("未能走访", "Fell through"),
        "visit-recorded" => ("填写走访记录", "Recorded"),
        "visit-amended" => ("修改走访记录", "Record amended"),
        "visit-joined" => ("领导参加", "A leader joined"),
        _ => ("", ""),
    }
}

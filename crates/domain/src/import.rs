//! Imports 导入: what kinds of tables are taken in, and how far one is.

use crate::problem::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// What a table holds.
    Kind {
        Enterprises "enterprises" "企业名录" "Enterprises", Persons "persons" "人员" "Persons", Contacts "contacts" "联系人" "Contacts",
        Visits "visits" "走访记录" "Visits", Problems "problems" "问题台账" "Problems",
        Punches "punches" "打卡记录" "Punches",
    }
}

closed_list! {
    RunState {
        Running "running" "导入中" "Running", Stopped "stopped" "中断" "Stopped", Done "done" "已完成" "Done",
        Undone "undone" "已撤销" "Undone",
    }
}

impl RunState {
    /// The same file goes on where it stopped.
    pub fn is_open(self) -> bool {
        matches!(self, RunState::Running | RunState::Stopped)
    }
}

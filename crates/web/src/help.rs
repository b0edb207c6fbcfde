//! Help: what the official words mean, which keys work, and whom to ask.

use crate::auth::Who;
use crate::ui::page::{Frame, page};
use crate::ui::term::glossary;
use maud::{Markup, html};

/// `GET /help`
pub async fn html(who: Who) -> Markup {
    let lang = who.lang;
    let keys: [(&str, &str, &str); 7] = [
        ("/", "跳到搜索框", "Go to the search field"),
        ("j  k", "下一件、上一件（梳理、问题页、台账）", "Next, previous (triage, problem, ledger)"),
        ("x", "选中这一件（台账）", "Choose this one (ledger)"),
        ("Enter", "交办并到下一件（梳理）", "Dispatch and go on (triage)"),
        ("z", "收回刚才的交办（梳理，一分钟内）", "Recall what was just dispatched (triage, within a minute)"),
        ("?", "本页能用的全部按键", "All keys of this page"),
        ("Esc", "关掉浮在上面的说明或对话框", "Close what floats over the page"),
    ];
    let title = lang.of("帮助与词汇", "Help and words");
    let body = html! {
        main.page id="main" {
            header.page-head { h1 { (title) } }
            div.columns {
                section.sheet.document {
                    h2 { (lang.of("词汇", "Words")) }
                    (glossary(lang))
                }
                aside {
                    section.sheet {
                        h2 { (lang.of("按键", "Keys")) }
                        dl.pairs { @for (key, zh, en) in keys { dt { kbd { (key) } } dd { (lang.of(zh, en)) } } }
                    }
                    section.sheet {
                        h2 { (lang.of("出错了", "When something fails")) }
                        p { (lang.of(
                            "出错页上有请求编号，把它告诉系统管理员，就能查到那一次请求。填过的内容还在表单里，退回去可以接着填。",
                            "The error page shows a request number. Tell it to the system administrator, who finds that very request by it. What you typed is still in the form: go back and go on.",
                        )) }
                    }
                    section.sheet {
                        h2 { (lang.of("没有网络", "Without a network")) }
                        p { (lang.of(
                            "走访记录边填边存在本机，重新联网后再提交，同一份不会重复。",
                            "The record of a visit is kept on this device while you type. Send it when the network is back; it is never taken twice.",
                        )) }
                    }
                }
            }
        }
    };
    page(&Frame { who: &who, title, news: 0, here: "/help" }, body)
}

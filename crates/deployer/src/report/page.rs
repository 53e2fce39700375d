//! A report as one HTML page that needs nothing else: no network, no fonts, no images.

use std::fmt::{Display, Write as _};
use std::time::Duration;

use rollout::history::{Reason, RunState};
use rollout::report::{LostTime, Report, StepReport};

use super::escape::Text;
use super::words;
use crate::figures;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The whole page.
pub(crate) fn page(report: &Report) -> String {
    let mut page = Page(String::new());
    let title = Text(&words::headline(report)).to_string();
    page.add(format_args!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<header><h1>{title}</h1><p>{}</p>{}</header>\n<main>\n",
        Text(&words::facts(report)),
        words::release(report).map_or_else(String::new, |release| format!("<p>{}</p>", Text(&release)))
    ));
    page.failures(report);
    page.path(report);
    page.waterfall(report);
    page.waits(report);
    page.savings(report);
    page.add(format_args!(
        "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"
    ));
    page.0
}

struct Page(String);

impl Page {
    fn add(&mut self, part: impl Display) {
        let _infallible = write!(self.0, "{part}");
    }

    fn failures(&mut self, report: &Report) {
        let failed = report
            .steps
            .iter()
            .filter(|step| step.run.state == RunState::Failed);
        let failed: Vec<_> = failed
            .filter_map(|step| Some((step, step.run.message.as_ref()?)))
            .collect();
        if failed.is_empty() {
            return;
        }
        self.add("<section class=\"narrow\"><h2 id=\"failed\">What failed</h2>\n<table aria-labelledby=\"failed\"><tbody>\n");
        for (step, message) in failed {
            let (title, message) = (Text(&step.title), Text(message));
            self.add(format_args!(
                "<tr class=\"failed\"><th scope=\"row\" class=\"step\">{title}</th><td class=\"reason\">{message}</td></tr>\n"
            ));
        }
        self.add("</tbody></table></section>\n");
    }

    fn path(&mut self, report: &Report) {
        if report.critical_path.is_empty() {
            return;
        }
        self.add("<section><h2>What decided the duration</h2>\n<ol class=\"path\">\n");
        for link in &report.critical_path {
            let (title, why) = (Text(&link.title), Text(&link.reason));
            let took = figures::duration(link.duration);
            self.add(format_args!(
                "<li title=\"{why}\">{title} <span class=\"faint\">{took}</span></li>\n"
            ));
        }
        self.add("</ol></section>\n");
    }

    fn waterfall(&mut self, report: &Report) {
        self.add(
            "<section id=\"waterfall\"><h2 id=\"steps\">Waterfall</h2>\n<div class=\"legend\">\
             <span><i style=\"background:var(--work)\"></i>works</span>\
             <span><i style=\"background:var(--wait)\"></i>waits for a fact</span>\
             <span><i style=\"background:var(--path)\"></i>decided the duration</span>\
             <span><i style=\"background:var(--failed)\"></i>failed</span>\
             <label><input type=\"checkbox\" id=\"only\"> only what decided the duration or failed</label>\
             <input type=\"search\" id=\"filter\" placeholder=\"Find a step\" aria-label=\"Find a step\"></div>\n\
             <table aria-labelledby=\"steps\"><thead><tr><th scope=\"col\">Step</th><th class=\"scale\" aria-hidden=\"true\">",
        );
        for quarter in 0..4_u32 {
            let moment = figures::duration(report.duration * quarter / 4);
            self.add(format_args!(
                "<span style=\"left:{}%\">{moment}</span>",
                quarter * 25
            ));
        }
        self.add(
            "</th><th scope=\"col\" class=\"n\">Starts</th><th scope=\"col\" class=\"n\">Takes</th>\
             <th scope=\"col\" class=\"n\">Waits</th><th scope=\"col\" class=\"n\">To spare</th>\
             <th scope=\"col\">State</th></tr></thead><tbody>\n",
        );
        let mut group = None;
        for step in &report.steps {
            if group != Some(&step.group) {
                let name = Text(&step.group);
                self.add(format_args!(
                    "<tr class=\"group\"><th colspan=\"7\" scope=\"rowgroup\">{name}</th></tr>\n"
                ));
                group = Some(&step.group);
            }
            self.step(report, step);
        }
        self.add("</tbody></table></section>\n");
    }

    fn step(&mut self, report: &Report, step: &StepReport) {
        let (id, title) = (Text(&step.id), Text(&step.title));
        let run = &step.run;
        let class = match (run.state, step.critical) {
            (RunState::Failed, _) => "failed",
            (RunState::Done, true) => "on",
            _ => "",
        };
        let searched = format!("{} {} {}", step.id, step.title, step.group).to_lowercase();
        let before = step
            .released_by
            .as_ref()
            .map(|release| release.step.as_str())
            .unwrap_or_default();
        self.add(format_args!(
            "<tr class=\"{class}\" data-step=\"{id}\" data-text=\"{}\" data-before=\"{}\">\
             <th scope=\"row\" class=\"step\"><button type=\"button\" title=\"{id}\">{title}</button></th>\
             <td class=\"track\"><span aria-hidden=\"true\">",
            Text(&searched),
            Text(before)
        ));
        let mut waiting = Duration::ZERO;
        if let Some(started) = run.started {
            self.bar("", report, started, run.duration);
            for wait in &run.waits {
                self.bar(" class=\"w\"", report, wait.started, wait.waited);
                waiting += wait.waited;
            }
        }
        self.add("</span>");
        self.tip(step);
        let time = |time: Option<Duration>| time.map(figures::duration).unwrap_or_default();
        let ran = run.started.map(|_| run.duration);
        self.add(format_args!(
            "</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"state\">{}</td></tr>\n",
            time(run.started),
            time(ran),
            time(Some(waiting).filter(|waiting| !waiting.is_zero())),
            time(ran.map(|_| step.slack).filter(|_| !step.critical)),
            words::state(run.state, run.changed)
        ));
    }

    fn bar(&mut self, class: &str, report: &Report, from: Duration, lasts: Duration) {
        let total = report.duration.as_secs_f64().max(0.001);
        let share = |time: Duration| (100.0 * time.as_secs_f64() / total).min(100.0);
        self.add(format_args!(
            "<i{class} style=\"left:{:.2}%;width:{:.2}%\"></i>",
            share(from).min(99.8),
            share(lasts)
        ));
    }

    /// Why it started when it did, and what it waited for: shown while the row is pointed at or focused.
    fn tip(&mut self, step: &StepReport) {
        let id = Text(&step.id);
        self.add(format_args!(
            "<div class=\"tip\" role=\"note\"><small>{id}</small><br>"
        ));
        if let Some(release) = &step.released_by {
            let (before, reason) = (Text(&release.step), Text(&release.reason));
            self.add(format_args!(
                "Started when <b>{before}</b> was done: {reason}.<br>"
            ));
        }
        if !step.run.because.is_empty() {
            self.add(format_args!(
                "Not started, because this failed: {}.<br>",
                Text(&step.run.because.join(", "))
            ));
        }
        let written = figures::count(step.run.written, "object");
        self.add(format_args!("{written} written."));
        for wait in &step.run.waits {
            let (what, lasted) = (Text(&wait.wait), figures::duration(wait.waited));
            self.add(format_args!("<br>Waited {lasted} for: {what}"));
            self.reasons(&wait.reasons);
        }
        if let Some(message) = &step.run.message {
            self.add(format_args!(
                "<br><span class=\"reason\">{}</span>",
                Text(message)
            ));
        }
        self.add("</div>");
    }

    fn reasons(&mut self, reasons: &[Reason]) {
        if reasons.is_empty() {
            return;
        }
        self.add("<ul>");
        for Reason { reason, lasted } in reasons {
            let (reason, lasted) = (Text(reason), figures::duration(*lasted));
            self.add(format_args!(
                "<li>{lasted} <span class=\"reason\">{reason}</span></li>"
            ));
        }
        self.add("</ul>");
    }

    fn waits(&mut self, report: &Report) {
        let dear: Vec<&LostTime> = report.waits.iter().filter(|wait| !wait.cost.is_zero()).collect();
        if dear.is_empty() {
            return;
        }
        self.add(
            "<section class=\"narrow\"><h2 id=\"waits\">Time lost to waits</h2>\n\
             <p class=\"faint\">By how much the run would have been shorter had the fact held at once.</p>\n\
             <table aria-labelledby=\"waits\"><thead><tr><th scope=\"col\" class=\"n\">Lost</th>\
             <th scope=\"col\" class=\"n\">Waited</th><th scope=\"col\">Step</th><th scope=\"col\">For, and why</th></tr>\
             </thead><tbody>\n",
        );
        for wait in dear {
            let (cost, waited) = (figures::duration(wait.cost), figures::duration(wait.waited));
            let (step, what) = (Text(&wait.step), Text(&wait.wait));
            self.add(format_args!(
                "<tr><td class=\"n\">{cost}</td><td class=\"n\">{waited}</td><th scope=\"row\">{step}</th><td>{what}"
            ));
            self.reasons(&wait.reasons);
            self.add("</td></tr>\n");
        }
        self.add("</tbody></table></section>\n");
    }

    fn savings(&mut self, report: &Report) {
        if report.savings.is_empty() {
            return;
        }
        self.add(
            "<section class=\"narrow\"><h2 id=\"savings\">What the run would save without an edge</h2>\n\
             <p class=\"faint\">With the same durations, and one edge less.</p>\n\
             <table aria-labelledby=\"savings\"><thead><tr><th scope=\"col\" class=\"n\">Saves</th>\
             <th scope=\"col\">Step</th><th scope=\"col\">Would not wait for</th><th scope=\"col\">It waits because</th>\
             </tr></thead><tbody>\n",
        );
        for saving in &report.savings {
            self.add(format_args!(
                "<tr><td class=\"n\">{}</td><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
                figures::duration(saving.saves),
                Text(&saving.dependent),
                Text(&saving.prerequisite),
                Text(&saving.reason)
            ));
        }
        self.add("</tbody></table></section>\n");
    }
}

//! The picture.

use anstyle::{AnsiColor, Color as Ansi};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Cell, Paragraph, Row, Table, TableState};

use super::list::List;
use super::panel::{Panel, Wish};
use crate::cli::client::{JobView, NodeView, ProgressView, StatusView};
use crate::cli::output::{Look, ago, colour, count, escape, span_between, status_text};
use crate::config::show_size;
use crate::domain::Status;

/// Nodes that are shown; a line says how many more there are.
const NODES: usize = 4;
const DIM: Style = Style::new().add_modifier(Modifier::DIM);
/// Cells of a progress bar.
const BAR: u64 = 12;
const KEYS: &str = "q quit   1-4 tab list   ↑ ↓ choose   s stop   r resume";

/// Draws everything into a frame.
pub(super) fn draw(frame: &mut Frame<'_>, panel: &Panel, (server, look): (&str, Look)) {
    let nodes = panel.snapshot.as_ref().map_or(0, |snapshot| snapshot.status.nodes.len().min(NODES + 1));
    let rows = [2, u16::try_from(nodes).unwrap_or(0) + 1, 1].map(Constraint::Length);
    let [head, of_nodes, lists] = rows;
    let areas =
        Layout::vertical([head, of_nodes, lists, Constraint::Min(3), Constraint::Length(2), Constraint::Length(1)]);
    let [head, of_nodes, lists, jobs, detail, foot] = areas.areas(frame.area());
    let ink = Ink(look);
    if let Some(snapshot) = &panel.snapshot {
        frame.render_widget(Paragraph::new(summary(&snapshot.status, panel.ended_per_second, server, ink)), head);
        frame.render_widget(Paragraph::new(nodes_of(&snapshot.status.nodes)), of_nodes);
    } else {
        frame.render_widget(Paragraph::new(format!("asking {server} …")), head);
    }
    frame.render_widget(Paragraph::new(tabs(panel.list)), lists);
    list(frame, jobs, panel, ink);
    frame.render_widget(Paragraph::new(detail_of(panel.job(), ink)), detail);
    frame.render_widget(Paragraph::new(last_line(panel, ink)), foot);
}

/// What colours become where there are none.
#[derive(Clone, Copy)]
struct Ink(Look);

impl Ink {
    fn of(self, status: Status) -> Style {
        match (self.0, colour(status).get_fg_color()) {
            (Look::Colour, Some(Ansi::Ansi(colour))) => Style::new().fg(shade(colour)),
            _ => Style::new(),
        }
    }

    fn red(self) -> Style {
        self.of(Status::Failed)
    }
}

/// The same colour in ratatui's words.
const fn shade(colour: AnsiColor) -> Color {
    match colour {
        AnsiColor::Red => Color::Red,
        AnsiColor::Green => Color::Green,
        AnsiColor::Yellow => Color::Yellow,
        AnsiColor::Blue => Color::Blue,
        AnsiColor::BrightBlack => Color::DarkGray,
        _ => Color::Reset,
    }
}

fn summary(status: &StatusView, rate: Option<f64>, server: &str, ink: Ink) -> Vec<Line<'static>> {
    let version = escape::one_line(&status.version).into_owned();
    let modules = count(status.modules);
    let first = format!("cofferdam {version}   {server}   up {}   {modules} modules", escape::one_line(&status.uptime));
    let jobs = &status.jobs;
    let mut spans = Vec::new();
    for (status, number) in [
        (Status::Running, jobs.running),
        (Status::Pending, jobs.pending),
        (Status::Completed, jobs.completed),
        (Status::Failed, jobs.failed),
        (Status::Stopped, jobs.stopped),
    ] {
        spans.push(Span::styled(format!("{} {}", status_text(status, Look::Mono), count(number)), ink.of(status)));
        spans.push(Span::raw("   "));
    }
    spans.extend(rate.map(|rate| Span::raw(format!("{rate:.1} ended a second"))));
    vec![Line::styled(first, Style::new().add_modifier(Modifier::BOLD)), Line::from(spans)]
}

fn nodes_of(nodes: &[NodeView]) -> Vec<Line<'static>> {
    let mut lines: Vec<_> = nodes.iter().take(NODES).map(node).collect();
    if nodes.len() > NODES {
        lines.push(Line::styled(format!("and {} more nodes", nodes.len() - NODES), DIM));
    }
    lines.push(Line::default());
    lines
}

fn node(node: &NodeView) -> Line<'static> {
    let memory = bar(node.guest_memory_bytes, node.guest_memory_budget_bytes);
    let (used, budget) = (show_size(node.guest_memory_bytes), show_size(node.guest_memory_budget_bytes));
    let (slots, running) = (count(node.slots), count(node.running));
    let (id, seen) = (escape::one_line(&node.id).into_owned(), ago(&node.heartbeat_at));
    Line::raw(format!("node {id}   {running} of {slots} slots   {memory} {used} of {budget}   seen {seen}"))
}

fn tabs(chosen: List) -> Line<'static> {
    let tab = |(place, list): (usize, List)| {
        let style = if list == chosen { Style::new().add_modifier(Modifier::REVERSED) } else { DIM };
        [Span::styled(format!(" {} {} ", place + 1, list.name()), style), Span::raw(" ")]
    };
    List::EVERY.into_iter().enumerate().flat_map(tab).collect()
}

fn list(frame: &mut Frame<'_>, area: Rect, panel: &Panel, ink: Ink) {
    if panel.snapshot.is_some() && panel.jobs().is_empty() {
        let none = match panel.list {
            List::All => "there are no jobs yet; `cofferdam job start MODULE` starts one".to_owned(),
            list => format!("no job is {}", list.name()),
        };
        frame.render_widget(Paragraph::new(Line::styled(none, DIM)), area);
        return;
    }
    let widths = [
        Constraint::Length(36),
        Constraint::Length(11),
        Constraint::Min(16),
        Constraint::Length(34),
        Constraint::Length(9),
        Constraint::Length(8),
    ];
    let head = Row::new(["JOB", "STATUS", "MODULE", "PROGRESS", "RAN FOR", "ATTEMPT"]).style(DIM);
    let table = Table::new(panel.jobs().iter().map(|job| row(job, ink)), widths)
        .header(head)
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut state = TableState::new().with_selected(panel.place());
    frame.render_stateful_widget(table, area, &mut state);
}

fn row(job: &JobView, ink: Ink) -> Row<'static> {
    let ran = job.started_at.as_deref().map(|start| span_between(start, job.finished_at.as_deref()));
    Row::new([
        Cell::new(escape::one_line(&job.id).into_owned()),
        Cell::new(status_text(job.status, Look::Mono)).style(ink.of(job.status)),
        Cell::new(escape::one_line(&format!("{}@{}", job.module.name, job.module.version)).into_owned()),
        Cell::new(job.progress.map(progress).unwrap_or_default()),
        Cell::new(ran.unwrap_or_default()),
        Cell::new(job.attempt.to_string()),
    ])
}

fn progress(progress: ProgressView) -> String {
    match progress.total {
        Some(total) => format!("{} {} of {}", bar(progress.done, total), count(progress.done), count(total)),
        None => count(progress.done),
    }
}

/// How much of a whole, in cells.
fn bar(done: u64, total: u64) -> String {
    let full = if total == 0 { 0 } else { u128::from(done) * u128::from(BAR) / u128::from(total) };
    let full = usize::try_from(full.min(u128::from(BAR))).unwrap_or(0);
    "█".repeat(full) + &"░".repeat(usize::try_from(BAR).unwrap_or(0) - full)
}

/// What there is to say of the chosen job.
fn detail_of(job: Option<&JobView>, ink: Ink) -> Vec<Line<'static>> {
    let Some(job) = job else { return Vec::new() };
    let labels = job.labels.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ");
    let about = format!("created {}   node {}   {labels}", ago(&job.created_at), job.node.as_deref().unwrap_or("-"));
    let reason = job.end().reason.unwrap_or_default();
    vec![
        Line::styled(escape::one_line(&about).into_owned(), DIM),
        Line::styled(escape::one_line(&reason).into_owned(), ink.of(job.status)),
    ]
}

fn last_line(panel: &Panel, ink: Ink) -> Line<'static> {
    match (&panel.asks, &panel.lost, &panel.note) {
        (Some(Wish::Stop(job)), ..) => Line::raw(format!("stop {job}? y for yes, any other key for no")),
        (Some(Wish::Resume(job)), ..) => Line::raw(format!("resume {job}? y for yes, any other key for no")),
        (_, Some(lost), _) => Line::styled(format!("no answer, asking again: {}", escape::one_line(lost)), ink.red()),
        (.., Some(note)) => Line::raw(escape::one_line(note).into_owned()),
        _ => Line::styled(KEYS, DIM),
    }
}

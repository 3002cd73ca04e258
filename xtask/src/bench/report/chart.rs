//! A picture of the figures: each against its goal, or against what it was in an earlier run.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::comparison::{Comparison, Verdict};
use super::figure::{Better, Figure, rounded};
use super::report::Report;

/// Pixels.
const WIDTH: u32 = 1300;
const ROW: u32 = 26;
const BESIDE_ROWS: u32 = 110;
const LABELS: u32 = 660;
/// A bar that is longer than this leaves the chart.
const FURTHEST: f64 = 8.0;
/// The bars' colours, which also those tell apart who see no red and green.
const GOOD: RGBColor = RGBColor(0, 114, 178);
const BAD: RGBColor = RGBColor(213, 94, 0);
const NEUTRAL: RGBColor = RGBColor(150, 150, 150);

/// One bar.
struct Bar {
    label: String,
    /// To the right of 1 is better.
    factor: f64,
    text: String,
    colour: RGBColor,
}

/// Writes the picture as SVG; without an earlier run, of those figures that have a goal.
pub(in crate::bench) fn draw(report: &Report, before: Option<&Comparison>, file: &Path) -> Result<()> {
    let (title, bars) = match before {
        Some(before) => (
            "how much better than before: 2 is twice as good",
            report.figures().filter_map(|figure| of_change(figure, before)).collect(),
        ),
        None => (
            "how much better than its goal: 2 is twice as good",
            report.figures().filter_map(of_goal).collect::<Vec<_>>(),
        ),
    };
    anyhow::ensure!(
        !bars.is_empty(),
        "there is nothing to draw: no figure has {}",
        if before.is_some() { "an earlier one" } else { "a goal" }
    );
    let mut svg = String::new();
    paint(&mut svg, title, &bars).map_err(|error| anyhow::anyhow!("cannot draw the chart: {error}"))?;
    std::fs::write(file, svg).with_context(|| format!("cannot write {}", file.display()))
}

fn of_goal(figure: &Figure) -> Option<Bar> {
    let (goal, value) = (figure.goal?, figure.value());
    let factor = factor(figure.better, value, goal);
    let colour = if figure.is_met()? { GOOD } else { BAD };
    let text = format!("{} {} ({})", rounded(value), figure.unit, figure.goal_text()?);
    Some(Bar { label: figure.what.clone(), factor, text, colour })
}

fn of_change(figure: &Figure, before: &Comparison) -> Option<Bar> {
    let change = before.change(figure)?;
    let colour = match change.verdict {
        Verdict::Better => GOOD,
        Verdict::Worse => BAD,
        Verdict::Same => NEUTRAL,
    };
    let text = format!("{} {}, × {:.2}", rounded(figure.value()), figure.unit, change.ratio);
    Some(Bar { label: figure.what.clone(), factor: factor(figure.better, change.ratio, 1.0), text, colour })
}

/// How many times as good.
fn factor(better: Better, value: f64, beside: f64) -> f64 {
    let factor = match better {
        Better::More => value / beside,
        Better::Less => beside / value,
    };
    // Nothing over nothing is as good as can be.
    let factor = if factor.is_nan() { FURTHEST } else { factor };
    factor.clamp(1.0 / FURTHEST, FURTHEST)
}

fn paint(svg: &mut String, title: &str, bars: &[Bar]) -> Result<(), Box<dyn std::error::Error>> {
    let rows = u32::try_from(bars.len())?;
    let root = SVGBackend::with_string(svg, (WIDTH, rows * ROW + BESIDE_ROWS)).into_drawing_area();
    root.fill(&WHITE)?;
    let range: Range<f64> = 1.0 / FURTHEST..FURTHEST;
    let mut chart = ChartBuilder::on(&root)
        .caption(title, ("sans-serif", 20))
        .margin(16)
        .x_label_area_size(32)
        .y_label_area_size(LABELS)
        .build_cartesian_2d(range.log_scale().base(2.0), 0.0..f64::from(rows))?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(0)
        .x_labels(7)
        .label_style(("sans-serif", 13))
        .x_label_formatter(&|factor| format!("× {factor}"))
        .light_line_style(WHITE)
        .draw()?;
    let label = TextStyle::from(("sans-serif", 14)).pos(Pos::new(HPos::Right, VPos::Center));
    let plot = chart.plotting_area();
    for (bar, row) in bars.iter().zip((0..rows).rev().map(f64::from)) {
        let (from, to) = (bar.factor.min(1.0), bar.factor.max(1.0));
        let ((left, top), (right, bottom)) = (plot.map_coordinate(&(from, row + 1.0)), plot.map_coordinate(&(to, row)));
        let middle = i32::midpoint(top, bottom);
        root.draw(&Rectangle::new([(left, top + 4), (right, bottom - 4)], bar.colour.filled()))?;
        root.draw(&Text::new(bar.label.as_str(), (i32::try_from(LABELS)? + 8, middle), label.clone()))?;
        let (at, side) = if bar.factor < 1.0 {
            (plot.map_coordinate(&(1.0, row)).0 + 6, HPos::Left)
        } else {
            (plot.map_coordinate(&(1.0, row)).0 - 6, HPos::Right)
        };
        let beside = TextStyle::from(("sans-serif", 13)).pos(Pos::new(side, VPos::Center));
        root.draw(&Text::new(bar.text.as_str(), (at, middle), beside))?;
    }
    chart.draw_series(LineSeries::new([(1.0, 0.0), (1.0, f64::from(rows))], BLACK.stroke_width(2)))?;
    root.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_the_right_is_better_whichever_way_the_figure_goes() {
        let factors = [
            factor(Better::More, 10_000.0, 5_000.0),
            factor(Better::Less, 12.5, 25.0),
            factor(Better::Less, 50.0, 25.0),
            factor(Better::Less, 0.0, 0.0),
            factor(Better::More, 1e9, 1.0),
        ];
        assert_eq!(factors.map(f64::to_bits), [2.0, 2.0, 0.5, FURTHEST, FURTHEST].map(f64::to_bits));
    }

    #[test]
    fn the_picture_names_each_figure_with_its_value() {
        let figures = [
            Figure::gain("a", "jobs a second", "jobs/s", vec![7000.0]).goal(5000.0),
            Figure::cost("b", "p99 & more", "ms", vec![50.0]).goal(25.0),
            Figure::cost("c", "without a goal", "ms", vec![50.0]),
        ];
        let bars: Vec<_> = figures.iter().filter_map(of_goal).collect();
        let mut svg = String::new();
        paint(&mut svg, "title", &bars).expect("it can be painted");
        for text in ["<svg", "jobs a second", "7,000 jobs/s (≥ 5,000)", "p99 &amp; more", "#0072B2", "#D55E00", "title"]
        {
            assert!(svg.contains(text), "no {text}: {svg}");
        }
        assert!(!svg.contains("without a goal"), "{svg}");
    }
}

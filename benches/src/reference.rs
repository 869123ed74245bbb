//! Figures that are shown beside the measured ones and are not measured here.

use crate::shape::Shape;

/// Nanoseconds a task of Taskflow 4.1 (C++) with bare no-op tasks: 100,000 tasks on 2 workers,
/// taken earlier on a machine of the class for which the goals were set.
pub(crate) const fn taskflow(shape: Shape) -> f64 {
    match shape {
        Shape::Chain => 34.0,
        Shape::Independent => 71.0,
        Shape::Tree => 43.0,
        Shape::Grid => 32.0,
        Shape::Random => 132.0,
    }
}

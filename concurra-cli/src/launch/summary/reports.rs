//! Files of reports that several targets write a line each into.

use std::fs::File;

use crate::launch::error::LaunchError;
use crate::options::ReportTo;

/// Empties the files: what an earlier call left there is no part of this one.
pub(crate) fn empty(reports: &[ReportTo]) -> Result<(), LaunchError> {
    for to in reports {
        if let ReportTo::File(path) = to {
            let file = File::create(path);
            file.map_err(|source| LaunchError::Report { path: path.clone(), source })?;
        }
    }
    Ok(())
}

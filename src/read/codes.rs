//! Codes

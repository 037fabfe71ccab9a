/**
 * What is printed of a build that is only looked at: the result of a check, and a plan, each as
 * text for people and as JSON for programs.
 *
 * <p>Nothing here reads or writes: a report is a text.
 */
@NullMarked
package dev.birgus.cli.report;

import org.jspecify.annotations.NullMarked;

/**
 * The birgus command.
 *
 * <p>The only place that exits the process and reads its environment.
 */
@NullMarked
package dev.birgus.cli;

import org.jspecify.annotations.NullMarked;

/**
 * The scripts that make and start birgus.
 *
 * <p>They run on a project made up for the test, with a Maven that only pretends.
 */
@NullMarked
package dev.birgus.cli.scripts;

import org.jspecify.annotations.NullMarked;

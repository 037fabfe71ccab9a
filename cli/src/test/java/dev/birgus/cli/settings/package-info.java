/**
 * The same builds wherever birgus may be run: as root, as an ordinary user, and in containers that
 * stand in for pods.
 *
 * <p>They must give the same images; what a machine does not allow is skipped by name.
 */
@NullMarked
package dev.birgus.cli.settings;

import org.jspecify.annotations.NullMarked;

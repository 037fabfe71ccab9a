/**
 * Builds on a server: context and request go there, events come back.
 *
 * <p>What is shown of such a build, and the exit code, are those of a build on this machine.
 */
@NullMarked
package dev.birgus.cli.remote;

import org.jspecify.annotations.NullMarked;

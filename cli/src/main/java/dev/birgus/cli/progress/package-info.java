/**
 * What a person sees of a build.
 *
 * <p>It listens to the same public events anybody else can.
 */
@NullMarked
package dev.birgus.cli.progress;

import org.jspecify.annotations.NullMarked;

/**
 * What libraries log, in the journal of the process and in no other form.
 *
 * <p>Only warnings and errors get there, and no more of them than somebody can read.
 */
@NullMarked
package dev.birgus.infra.observe.libraries;

import org.jspecify.annotations.NullMarked;

/**
 * Tests of what is told of a machine.
 *
 * <p>What is found out on real machines is tested in every setting, in {@code settings}.
 */
@NullMarked
package dev.birgus.cli.doctor;

import org.jspecify.annotations.NullMarked;

/**
 * What the machine allows, found out by trying, and what to change so that it allows more.
 *
 * <p>Everything here tells of the machine and the process; nothing shows a value of the environment
 * that could be a secret.
 */
@NullMarked
package dev.birgus.cli.doctor;

import org.jspecify.annotations.NullMarked;

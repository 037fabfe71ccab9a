/**
 * What tests of every module lean on: contract kits that each implementation of a port must pass,
 * and fakes named for what they do.
 *
 * <p>It is shipped as infra's test jar and never reaches a user.
 */
@NullMarked
package dev.birgus.infra.testkit;

import org.jspecify.annotations.NullMarked;

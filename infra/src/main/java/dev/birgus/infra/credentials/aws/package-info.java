/**
 * Who we are to Amazon's registries, by the AWS SDK.
 *
 * <p>Its classes are loaded when one of those registries is asked about, and not before.
 */
@NullMarked
package dev.birgus.infra.credentials.aws;

import org.jspecify.annotations.NullMarked;

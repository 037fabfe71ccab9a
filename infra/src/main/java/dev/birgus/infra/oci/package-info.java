/**
 * The vocabulary of the OCI image specification: digests, platforms, references, descriptors,
 * manifests, configs.
 *
 * <p>Pure: values that validate themselves, with no I/O and no opinion on where bytes live.
 */
@NullMarked
package dev.birgus.infra.oci;

import org.jspecify.annotations.NullMarked;

/**
 * Blobs in a bucket of S3, or of a server that speaks as it does.
 *
 * <p>Apart from the other places of blobs, because none of the SDK's classes may be loaded where no
 * bucket is used.
 */
@NullMarked
package dev.birgus.infra.blobs.s3;

import org.jspecify.annotations.NullMarked;

/**
 * Dockerfiles with what must come of them, by the Dockerfile reference and by buildah.
 *
 * <p>Every case is data: a name, a context, a Dockerfile and the image expected.
 */
@NullMarked
package dev.birgus.cli.dockerfile;

import org.jspecify.annotations.NullMarked;

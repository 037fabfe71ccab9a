/**
 * HTTP/1.1 as registries are spoken to: Apache's client in its blocking form, large reads, one
 * thread a transfer. Who is asked, what is shown to them and what is tried again is decided by
 * those who call, so most of what the client does of its own is switched off here.
 */
@NullMarked
package dev.birgus.infra.http;

import org.jspecify.annotations.NullMarked;

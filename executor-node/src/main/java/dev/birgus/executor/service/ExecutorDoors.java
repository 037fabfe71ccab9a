package dev.birgus.executor.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.fetch.Downloads;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.registry.ImageSources;
import dev.birgus.infra.secrets.SecretReader;
import java.time.InstantSource;

/**
 * What an executor node needs of the outside.
 *
 * @param blobs where layers come from and go to
 * @param contexts the files of builds
 * @param images layers the blob store has not got
 * @param downloads files on the web
 * @param secrets values of the secrets builds are given
 * @param leases taken of the layers stages use
 * @param clock the time of what is made
 * @param journal for what no event tells
 */
public record ExecutorDoors(
    BlobStore blobs,
    ContextStore contexts,
    ImageSources images,
    Downloads downloads,
    SecretReader secrets,
    Leases leases,
    InstantSource clock,
    Journal journal) {

  public ExecutorDoors {
    requireNonNull(blobs, "blobs");
    requireNonNull(contexts, "contexts");
    requireNonNull(images, "images");
    requireNonNull(downloads, "downloads");
    requireNonNull(secrets, "secrets");
    requireNonNull(leases, "leases");
    requireNonNull(clock, "clock");
    requireNonNull(journal, "journal");
  }
}

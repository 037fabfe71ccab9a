package dev.birgus.infra.registry;

/** The registries this process talks to, each with its own trust, credentials and limits. */
public interface Registries {

  /**
   * The registry at this host, to push to.
   *
   * @param host host and optional port, as in an image reference
   */
  Registry push(String host);

  /** The registry at this host, to pull from: some options are for one direction only. */
  Registry pull(String host);
}

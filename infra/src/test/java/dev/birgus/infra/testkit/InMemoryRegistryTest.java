package dev.birgus.infra.testkit;

import dev.birgus.infra.registry.Registry;

final class InMemoryRegistryTest implements RegistryContract {

  private final InMemoryRegistry registry = new InMemoryRegistry();

  @Override
  public Registry registry() {
    return registry;
  }
}

package dev.birgus.infra.registry;

import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A registry at the other end of a connection (OCI distribution specification 1.1). Nothing is
 * connected before the first call.
 */
public final class RemoteRegistry implements Registry {

  private final RegistryCalls calls;
  private final RetryPolicy retries;
  private final RemoteManifests manifests;
  private final RemoteReferrers referrers;
  private final RemoteBlobs blobs;

  RemoteRegistry(RegistryCalls calls, RetryPolicy retries) {
    this.calls = calls;
    this.retries = retries;
    this.manifests = new RemoteManifests(calls, retries);
    this.referrers = new RemoteReferrers(calls, retries, manifests);
    this.blobs = new RemoteBlobs(calls, retries);
  }

  @Override
  public Optional<Descriptor> headManifest(String repository, String reference) throws IOException {
    return manifests.head(repository, reference);
  }

  @Override
  public Optional<FetchedManifest> manifest(String repository, String reference)
      throws IOException {
    return manifests.get(repository, reference);
  }

  @Override
  public List<String> tagNames(String repository) throws IOException {
    var what = "list the tags of " + calls.named(repository);
    var names = new ArrayList<String>();
    new RegistryPages(calls, retries)
        .read(what, repository, "/tags/list", page -> names.addAll(page.strings("tags")));
    return List.copyOf(names);
  }

  @Override
  public List<Descriptor> referrers(String repository, Digest subject) throws IOException {
    return referrers.list(repository, subject);
  }

  @Override
  public boolean hasBlob(String repository, Digest digest) throws IOException {
    return blobs.has(repository, digest);
  }

  @Override
  public InputStream blob(String repository, Descriptor blob) throws IOException {
    return blobs.open(repository, blob);
  }

  @Override
  public boolean mountBlob(String repository, Digest digest, String fromRepository)
      throws IOException {
    return blobs.mount(repository, digest, fromRepository);
  }

  @Override
  public void pushBlob(String repository, Descriptor blob, BlobContent content) throws IOException {
    new BlobUpload(calls, retries, repository, blob).send(content);
  }

  @Override
  public Descriptor pushBlob(String repository, MediaType mediaType, BlobContent content)
      throws IOException {
    return new StreamedUpload(calls, retries, repository).send(mediaType, content);
  }

  @Override
  public void pushManifest(String repository, String reference, MediaType mediaType, byte[] bytes)
      throws IOException {
    var seen = manifests.put(repository, reference, mediaType, bytes);
    if (!seen && RemoteReferrers.subject(bytes).isPresent()) {
      referrers.add(repository, mediaType, bytes);
    }
  }

  @Override
  public void checkPush(String repository) throws IOException {
    var what = "push to " + calls.named(repository);
    retries.run(() -> {
      var call = calls.call(what, "POST", repository, "/blobs/uploads/");
      try (var answer = calls.session().send(call)) {
        if (!answer.successful()) {
          throw calls.failures().refused(what, answer);
        }
        UploadSession.cancel(calls, call, answer);
        return true;
      }
    });
  }
}

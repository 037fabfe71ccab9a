package dev.birgus.infra.blobs.s3;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.blobs.PacedInputStream;
import dev.birgus.infra.blobs.PacedInputStream.Pace;
import dev.birgus.infra.blobs.ResumingInputStream;
import dev.birgus.infra.blobs.SharedBlobs;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.credentials.aws.AwsIdentity;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Blobs as objects {@code <prefix><algorithm>/<hex>} of a bucket. An object is there whole or not
 * at all; what is read of it goes on where it was cut, and is verified.
 *
 * <p>Nothing is deleted here: that is for a rule of the bucket. Objects count as used when they are
 * written, so one that is a day old is written again by whoever publishes it.
 */
public final class S3Blobs implements SharedBlobs {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration REQUEST = Duration.ofMinutes(5);
  private static final Duration CALL = Duration.ofMinutes(15);
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final Duration FRESH = Duration.ofDays(1);
  private static final int ATTEMPTS = 4;
  private static final int NOT_FOUND = 404;

  private final BlobPlace.S3 place;
  private final SdkHttpClient http;
  private final S3Client client;
  private final S3Upload upload;

  private S3Blobs(BlobPlace.S3 place, SdkHttpClient http, S3Client client) {
    this.place = place;
    this.http = http;
    this.client = client;
    this.upload = new S3Upload(client, place.bucket());
  }

  /**
   * Opens a bucket.
   *
   * @param environment variables that say who we are to it, and in which region it is
   * @throws StorageException {@code blobs-unusable} if there is none, or we may not use it
   */
  public static S3Blobs open(BlobPlace.S3 place, Map<String, String> environment)
      throws IOException {
    requireNonNull(place, "place");
    var http =
        UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE).build();
    var blobs = new S3Blobs(place, http, client(place, environment, http));
    try {
      blobs.lookAtBucket("opened");
      return blobs;
    } catch (IOException refused) {
      blobs.close();
      throw refused;
    }
  }

  private void lookAtBucket(String what) throws IOException {
    try {
      var _ =
          client.headBucket(request ->
              request
                  .bucket(place.bucket())
                  .overrideConfiguration(limits -> limits.apiCallTimeout(LOOK)));
    } catch (SdkException | AwsIdentity.MissingException refused) {
      throw S3Failures.storage(place, what, refused);
    }
  }

  @Override
  public void check() throws IOException {
    lookAtBucket("asked");
  }

  private static S3Client client(
      BlobPlace.S3 place, Map<String, String> environment, SdkHttpClient http) {
    var region =
        place
            .region()
            .or(() -> Optional.ofNullable(environment.get("AWS_REGION")))
            .or(() -> Optional.ofNullable(environment.get("AWS_DEFAULT_REGION")))
            .orElse("us-east-1");
    var builder =
        S3Client.builder()
            .httpClient(http)
            .credentialsProvider(new AwsIdentity(environment, http))
            .region(Region.of(region))
            // Servers other than Amazon's refuse the newer checksums; digests are verified here.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(
                S3Configuration.builder()
                    .pathStyleAccessEnabled(place.pathStyle())
                    .chunkedEncodingEnabled(false)
                    .build())
            .overrideConfiguration(
                ClientOverrideConfiguration.builder()
                    .addExecutionInterceptor(new WithoutExpectation())
                    .apiCallAttemptTimeout(REQUEST)
                    .apiCallTimeout(CALL)
                    .build());
    place.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private String key(Digest digest) {
    return place.prefix() + digest.algorithm() + "/" + digest.hex();
  }

  private Optional<HeadObjectResponse> look(Digest digest) throws IOException {
    try {
      return Optional.of(
          client.headObject(request ->
              request
                  .bucket(place.bucket())
                  .key(key(digest))
                  .overrideConfiguration(limits -> limits.apiCallTimeout(LOOK))));
    } catch (S3Exception refused) {
      if (refused.statusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw S3Failures.storage(place, "asked", refused);
    } catch (SdkException | AwsIdentity.MissingException failed) {
      throw S3Failures.storage(place, "asked", failed);
    }
  }

  @Override
  public OptionalLong size(Digest digest) throws IOException {
    var there = look(digest);
    return there.isPresent() ? OptionalLong.of(there.get().contentLength()) : OptionalLong.empty();
  }

  @Override
  public boolean fetch(Digest digest, BlobStore own) throws IOException {
    var size = size(digest);
    if (size.isEmpty()) {
      return false;
    }
    try (var writer = own.createCopy();
        var content =
            new ResumingInputStream(offset -> openAt(digest, offset), size.getAsLong(), ATTEMPTS)) {
      content.transferTo(writer);
      writer.commit(digest, size.getAsLong());
      return true;
    } catch (NoSuchFileException deletedMeanwhile) {
      return false;
    } catch (DigestMismatchException damaged) {
      throw new StorageException(
          Failure.of(
              "blob-damaged",
              "the object "
                  + key(digest)
                  + " of "
                  + S3Failures.name(place)
                  + " is damaged: "
                  + damaged.getMessage(),
              "Delete that object and build again."),
          damaged);
    }
  }

  private InputStream openAt(Digest digest, long offset) throws IOException {
    try {
      var response =
          client.getObject(request ->
              request.bucket(place.bucket()).key(key(digest)).range("bytes=" + offset + "-"));
      var isWhole = response.response().contentRange() == null;
      if (offset > 0 && isWhole) {
        response.abort();
        throw new IOException("the server of " + S3Failures.name(place) + " knows no ranges");
      }
      return new PacedInputStream(new AbortedAtTheEnd(response), Pace.SLOWEST, System::nanoTime);
    } catch (S3Exception refused) {
      if (refused.statusCode() == NOT_FOUND) {
        throw new NoSuchFileException(digest.toString());
      }
      throw S3Failures.storage(place, "read", refused);
    } catch (SdkException | AwsIdentity.MissingException failed) {
      throw S3Failures.storage(place, "read", failed);
    }
  }

  @Override
  public void publish(Digest digest, BlobStore own) throws IOException {
    var size = own.size(digest).orElseThrow(() -> new NoSuchFileException(digest.toString()));
    var there = look(digest);
    if (there.isPresent() && there.get().contentLength() == size && isFresh(there.get())) {
      return;
    }
    try {
      upload.run(key(digest), new S3Upload.Content(digest, size, own));
    } catch (SdkException | AwsIdentity.MissingException | UncheckedIOException failed) {
      throw S3Failures.storage(place, "written", failed);
    }
  }

  /** By the clock of the server alone. */
  private static boolean isFresh(HeadObjectResponse there) {
    var written = there.lastModified();
    var now = there.sdkHttpResponse().firstMatchingHeader("Date");
    if (written == null || now.isEmpty()) {
      return true;
    }
    try {
      var answered = ZonedDateTime.parse(now.get(), DateTimeFormatter.RFC_1123_DATE_TIME);
      return written.plus(FRESH).isAfter(answered.toInstant());
    } catch (DateTimeException unknownForm) {
      return true;
    }
  }

  @Override
  public void close() {
    client.close();
    http.close();
  }
}

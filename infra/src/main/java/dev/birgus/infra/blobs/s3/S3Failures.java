package dev.birgus.infra.blobs.s3;

import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.credentials.aws.AwsIdentity;
import java.io.IOException;
import java.io.InterruptedIOException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Says what is wrong with a bucket, and what to do about it. */
final class S3Failures {

  private static final String RIGHTS =
      "Give birgus s3:ListBucket on the bucket, without which a missing object cannot be told from a"
          + " forbidden one, and s3:GetObject, s3:PutObject and s3:AbortMultipartUpload on its"
          + " objects; see also that the clock is right.";

  private S3Failures() {}

  static String name(BlobPlace.S3 place) {
    return "s3://"
        + place.bucket()
        + "/"
        + place.prefix()
        + place.endpoint().map(server -> " at " + server).orElse("");
  }

  /**
   * What to throw for what the SDK threw.
   *
   * @param what could not be done with the bucket, as a participle
   */
  static IOException storage(BlobPlace.S3 place, String what, RuntimeException failed) {
    if (failed instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      var interrupted = new InterruptedIOException("interrupted while a bucket was used");
      interrupted.initCause(failed);
      return interrupted;
    }
    if (failed instanceof AwsIdentity.MissingException) {
      return new StorageException(
          Failure.of(
              "blobs-unusable",
              name(place) + " cannot be " + what + ": there are no credentials for it",
              "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the node a role."),
          failed);
    }
    var status = failed instanceof S3Exception answer ? answer.statusCode() : 0;
    var advice =
        switch (status) {
          case 403 -> RIGHTS;
          case 404 -> "Make the bucket, or see that its name, region and endpoint are right.";
          case 301, 400 -> "See that the region is that of the bucket: region=NAME.";
          default -> "See that the server can be reached from this node, and try again.";
        };
    return new StorageException(
        Failure.of(
            "blobs-unusable",
            name(place) + " cannot be " + what + ": " + reason(failed, status),
            advice),
        failed);
  }

  private static String reason(RuntimeException failed, int status) {
    if (failed instanceof S3Exception answer && answer.awsErrorDetails() != null) {
      var code = answer.awsErrorDetails().errorCode();
      return "the server answers " + status + (code == null ? "" : " " + code);
    }
    return String.valueOf(failed.getMessage());
  }
}

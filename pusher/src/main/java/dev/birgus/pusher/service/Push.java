package dev.birgus.pusher.service;

import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToDigestFile;
import dev.birgus.infra.contracts.Delivery.ToLayout;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Delivery.ToTar;
import dev.birgus.infra.contracts.Event.PushRequested;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.export.DigestFile;
import dev.birgus.pusher.export.DockerTar;
import dev.birgus.pusher.export.OciLayoutDirectory;
import dev.birgus.pusher.image.FinishedImage;
import dev.birgus.pusher.upload.ImageUpload;
import dev.birgus.pusher.upload.SideBySide;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The deliveries of one build, in the order that leaves least behind when one fails: blobs, tars
 * and layouts side by side; then the tags of the destinations that have every blob; then, if there
 * was no failure, the digest files, which say that all the rest is there.
 */
final class Push {

  private final PushRequested request;
  private final FinishedImage image;
  private final LayerContent content;
  private final ImageUpload upload;
  private final PushReport report;

  Push(
      PushRequested request,
      FinishedImage image,
      LayerContent content,
      ImageUpload upload,
      PushReport report) {
    this.request = request;
    this.image = image;
    this.content = content;
    this.upload = upload;
    this.report = report;
  }

  /** Makes every delivery, or throws a failure. */
  void run() throws IOException, InterruptedException {
    var destinations = new ArrayList<ToRegistry>();
    var files = new ArrayList<ToDigestFile>();
    var side = new ArrayList<SideBySide.Task>();
    for (var delivery : request.deliveries()) {
      switch (delivery) {
        case ToRegistry destination -> destinations.add(destination);
        case ToTar tar -> side.add(() -> tar(tar));
        case ToLayout layout -> side.add(() -> layout(layout));
        case ToDigestFile file -> files.add(file);
      }
    }
    side.add(() -> upload.uploadBlobs(image, destinations));
    SideBySide.run(side.size(), side);
    upload.tag(image, destinations);
    var names = names(destinations);
    for (var file : files) {
      DigestFile.write(file, names, image.digest());
      finished(file);
    }
  }

  private void tar(ToTar tar) throws InterruptedException {
    new DockerTar(content, report).write(image, request.tags(), Path.of(tar.path()));
    finished(tar);
  }

  private void layout(ToLayout layout) throws InterruptedException {
    var tag = request.tags().stream().findFirst().map(Push::tagOf).orElse("latest");
    new OciLayoutDirectory(content, report).write(image, tag, Path.of(layout.path()));
    finished(layout);
  }

  private void finished(Delivery delivery) {
    report.finished(delivery, image.digest());
  }

  /** As kaniko, digest files name the destinations also when nothing is pushed. */
  private List<ImageReference> names(List<ToRegistry> destinations) {
    return request.tags().isEmpty()
        ? destinations.stream().map(ToRegistry::reference).toList()
        : request.tags().stream().map(ImageReference::parse).toList();
  }

  private static String tagOf(String name) {
    return ImageReference.parse(name).tagOrLatest();
  }
}

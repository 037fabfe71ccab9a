package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ShareConsumer;

/** The slots of a worker: each is a member of the share group, with one job at a time. */
final class ShareWorker implements EventBus.Subscription {

  private final List<ShareSlot> slots;

  ShareWorker(
      int slots,
      Supplier<ShareConsumer<String, byte[]>> consumers,
      ShareSlot.Queue queue,
      Handling handling,
      Consumer<Job> worker) {
    this.slots =
        IntStream.range(0, slots)
            .mapToObj(slot -> new ShareSlot(slot, consumers, queue, handling, worker))
            .toList();
    this.slots.forEach(ShareSlot::start);
  }

  /** Ends the jobs that run; another worker gets them. */
  void interrupt() {
    slots.forEach(ShareSlot::interrupt);
  }

  @Override
  public void close() {
    slots.forEach(ShareSlot::end);
    slots.forEach(ShareSlot::await);
  }
}

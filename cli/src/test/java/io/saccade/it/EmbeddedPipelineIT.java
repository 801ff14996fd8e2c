package io.saccade.it;

import io.saccade.broker.EmbeddedBroker;
import java.nio.file.Path;

/** The service over the embedded broker. */
class EmbeddedPipelineIT extends PipelineContract {

  private EmbeddedBroker broker;

  @Override
  String startBroker(Path folder) {
    broker = Bus.broker(folder);
    return broker.bootstrapServers();
  }

  @Override
  void stopBroker() {
    broker.close();
  }
}

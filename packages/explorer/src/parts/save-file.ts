// SPDX-License-Identifier: MIT

/** Hands content to the browser as a download. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The download has begun when the next task runs.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
}

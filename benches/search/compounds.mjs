export function drawCompounds(){return []}

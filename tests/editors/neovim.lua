-- What an author does in Neovim, with the client that comes with it. Writes `ok NAME` for each step that worked.
-- Written for Neovim 0.7, the oldest one that Debian still has.

local root, results = vim.env.ROOT, io.open(vim.env.RESULTS, 'w')
local PATIENCE = 20000

local function say(line)
  results:write(line:gsub('\n', '\\n') .. '\n')
  results:flush()
end

local function check(name, found, wanted)
  if vim.deep_equal(found, wanted) then
    say('ok ' .. name)
  else
    say(name .. ': ' .. vim.inspect(found) .. ' instead of ' .. vim.inspect(wanted))
  end
end

local client = vim.lsp.start_client({ name = 'opsbook', cmd = { vim.env.OPSBOOK, 'lsp' }, root_dir = root })

local function open(file)
  vim.cmd('edit ' .. root .. '/' .. file)
  vim.bo.filetype = 'markdown'
  local buffer = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(buffer, client)
  return buffer
end

-- The problems of a buffer: the rule, and the text at its place.
local function problems(buffer)
  local found = {}
  for _, problem in ipairs(vim.diagnostic.get(buffer)) do
    -- Right after an edit the problems are still those of the text before it.
    local is_there, text = pcall(vim.api.nvim_buf_get_text, buffer, problem.lnum, problem.col, problem.end_lnum,
      problem.end_col, {})
    table.insert(found, problem.code .. ' ' .. (is_there and text[1] or '?'))
  end
  return found
end

local function wait_for(buffer, wanted)
  vim.wait(PATIENCE, function() return vim.deep_equal(problems(buffer), wanted) end, 20)
  return problems(buffer)
end

local function ask(buffer, method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, PATIENCE) or {}
  return (answers[client] or {}).result
end

-- The params of a request at a place of the current buffer; the column counts bytes.
local function at(line, column)
  vim.api.nvim_win_set_cursor(0, { line + 1, column })
  return vim.lsp.util.make_position_params(0, vim.lsp.get_client_by_id(client).offset_encoding)
end

local function run()
  local home = open('content/index.md')
  check('problems after opening', wait_for(home, { 'link.missing [gone](runbooks/gone.md)' }),
    { 'link.missing [gone](runbooks/gone.md)' })

  -- Typing before the problem moves it; the emoji and the tab stay where they are.
  vim.api.nvim_buf_set_text(home, 2, 0, 2, 0, { '😀é', '\t' })
  vim.api.nvim_buf_set_lines(home, -1, -1, false, { '', '[x](runbooks/disk-full.md#fix-i)' })
  check('problems after typing',
    wait_for(home, { 'link.missing [gone](runbooks/gone.md)', 'link.anchor [x](runbooks/disk-full.md#fix-i)' }),
    { 'link.missing [gone](runbooks/gone.md)', 'link.anchor [x](runbooks/disk-full.md#fix-i)' })

  -- Completion of the anchor.
  local line = vim.api.nvim_buf_line_count(home) - 1
  local found = ask(home, 'textDocument/completion', at(line, #'[x](runbooks/disk-full.md#fi')) or { items = {} }
  local labels = vim.tbl_map(function(item) return item.label end, found.items)
  check('completion of an anchor', labels, { 'fix-it' })

  -- The code action repairs the anchor.
  local params = at(line, 6)
  local action = {
    textDocument = params.textDocument,
    range = { start = params.position, ['end'] = params.position },
    context = { diagnostics = {} },
  }
  local actions = ask(home, 'textDocument/codeAction', action) or {}
  if actions[1] then vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16') end
  check('a suggestion is applied', wait_for(home, { 'link.missing [gone](runbooks/gone.md)' }),
    { 'link.missing [gone](runbooks/gone.md)' })

  local hover = ask(home, 'textDocument/hover', at(line, 10)) or { contents = { value = '' } }
  check('hover names the page', hover.contents.value:match('%*%*(.-)%*%*'), 'A disk is full')

  local target = ask(home, 'textDocument/definition', at(line, 10)) or { range = {} }
  check('definition is the heading', (target.range.start or {}).line, 9)

  -- A rename of the heading in the other page changes the link in this one.
  local disk = open('content/runbooks/disk-full.md')
  wait_for(disk, {})
  local rename = at(9, 4)
  rename.newName = 'Make room'
  local edit = ask(disk, 'textDocument/rename', rename)
  if edit then vim.lsp.util.apply_workspace_edit(edit, 'utf-16') end
  check('the heading has its new name', vim.api.nvim_buf_get_lines(disk, 9, 10, false), { '## Make room' })
  check('the link follows the heading', vim.api.nvim_buf_get_lines(home, -2, -1, false),
    { '[x](runbooks/disk-full.md#make-room)' })

  -- The whole text of the editor is that of the server: a last edit over several lines.
  vim.api.nvim_buf_set_lines(home, 1, 4, false, { '', 'é😀 [b](c.md)' })
  check('problems after an edit of lines', wait_for(home, { 'link.missing [b](c.md)' }), { 'link.missing [b](c.md)' })

  -- The rename of a file, as plugins and later versions ask for it.
  local files = { { oldUri = vim.uri_from_fname(root .. '/content/runbooks/disk-full.md'),
                    newUri = vim.uri_from_fname(root .. '/content/full.md') } }
  local moved = ask(home, 'workspace/willRenameFiles', { files = files })
  if moved then vim.lsp.util.apply_workspace_edit(moved, 'utf-16') end
  check('the link follows the file', vim.api.nvim_buf_get_lines(home, -2, -1, false), { '[x](full.md#make-room)' })

  vim.lsp.stop_client(client)
  local stopped = vim.wait(PATIENCE, function() return vim.lsp.get_client_by_id(client) == nil end, 20)
  check('the server stops', stopped, true)
end

local worked, why = pcall(run)
if worked then say('ok end') else say('the script failed: ' .. tostring(why)) end
results:close()
